// All but the small blocks: best fit over one reserved address range, freed neighbours joined, pages kept.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>

namespace node_torch {

class LargeHeap {
 public:
  // Blocks are multiples of this many bytes and aligned to it.
  static constexpr size_t kGranule = size_t{4} << 10;

  explicit LargeHeap(size_t cache_limit);

  // Null when the address range is used up or the kernel refuses.
  void* Allocate(size_t bytes);

  // Returns how many bytes the block took.
  size_t Free(void* block);

  static size_t Rounded(size_t bytes) { return (bytes + kGranule - 1) / kGranule * kGranule; }

  // Gives every page of the free blocks back to the kernel.
  void ReleasePages();

  bool Contains(const void* block) const;
  size_t cached_bytes();
  size_t cache_limit() const { return cache_limit_; }

 private:
  struct Chunk {
    size_t bytes;
    size_t resident;  // upper bound of the bytes whose pages were touched and not given back
  };
  using FreeList = std::map<char*, Chunk>;

  void Insert(char* start, Chunk chunk);
  void Erase(FreeList::iterator at);
  void Drop(FreeList::iterator at);

  std::mutex mutex_;
  char* base_ = nullptr;
  char* top_ = nullptr;
  char* end_ = nullptr;
  FreeList free_;                               // by address, to join neighbours
  std::set<std::pair<size_t, char*>> by_size_;  // best fit, lowest address first
  std::unordered_map<char*, size_t> used_;
  size_t cached_ = 0;
  const size_t cache_limit_;
};

}  // namespace node_torch
