#include "heap.h"

#include <sys/mman.h>

#include <algorithm>

namespace node_torch {

namespace {
// Only address space; pages come with the first touch.
constexpr size_t kReserved = size_t{16} << 40;
constexpr size_t kSmallestReserved = size_t{64} << 30;
// Transparent huge pages cut the page faults of a first touch by up to 512.
constexpr size_t kHugePage = size_t{2} << 20;

// From there to the end of the huge page that a touch just before it brings in.
size_t BroughtIn(const char* end) { return (kHugePage - reinterpret_cast<size_t>(end) % kHugePage) % kHugePage; }
}  // namespace

LargeHeap::LargeHeap(size_t cache_limit) : cache_limit_(cache_limit) {
  // A container or ulimit -v may refuse a large reservation: halve until one is granted.
  for (size_t size = kReserved; size >= kSmallestReserved; size /= 2) {
    void* range = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) continue;
    const size_t misaligned = reinterpret_cast<size_t>(range) % kHugePage;
    base_ = static_cast<char*>(range) + (misaligned ? kHugePage - misaligned : 0);
    top_ = base_;
    end_ = static_cast<char*>(range) + size;
    return;
  }
}

bool LargeHeap::Contains(const void* block) const { return block >= base_ && block < end_; }

size_t LargeHeap::cached_bytes() {
  std::lock_guard<std::mutex> lock(mutex_);
  return cached_;
}

void LargeHeap::Insert(char* start, Chunk chunk) {
  free_.emplace(start, chunk);
  by_size_.emplace(chunk.bytes, start);
  cached_ += chunk.resident;
}

void LargeHeap::Erase(FreeList::iterator at) {
  by_size_.erase({at->second.bytes, at->first});
  cached_ -= at->second.resident;
  free_.erase(at);
}

void LargeHeap::Drop(FreeList::iterator at) {
  if (at->second.resident == 0) return;
  madvise(at->first, at->second.bytes, MADV_DONTNEED);
  cached_ -= at->second.resident;
  at->second.resident = 0;
}

void* LargeHeap::Allocate(size_t bytes) {
  if (bytes > kReserved) return nullptr;
  bytes = Rounded(bytes);
  std::lock_guard<std::mutex> lock(mutex_);
  auto fit = by_size_.lower_bound({bytes, nullptr});
  char* block = nullptr;
  if (fit != by_size_.end()) {
    const auto at = free_.find(fit->second);
    block = at->first;
    const Chunk chunk = at->second;
    Erase(at);
    if (chunk.bytes > bytes) {
      const size_t rest = chunk.bytes - bytes;
      Insert(block + bytes, {rest, std::min(rest, std::max(chunk.resident, BroughtIn(block + bytes)))});
    }
  } else {
    // The free block at the top grows into untouched address space instead of staying a hole.
    if (!free_.empty()) {
      const auto last = std::prev(free_.end());
      if (last->first + last->second.bytes == top_) {
        top_ = last->first;
        Erase(last);
      }
    }
    if (!base_ || bytes > static_cast<size_t>(end_ - top_)) return nullptr;
    block = top_;
    // Up to the end of a huge page: a call to the kernel for every few KB would cost more than the block.
    char* end = block + bytes;
    top_ = std::min(end_, end + BroughtIn(end));
    madvise(block, static_cast<size_t>(top_ - block), MADV_HUGEPAGE);
    const auto rest = static_cast<size_t>(top_ - end);
    if (rest > 0) Insert(end, {rest, rest});
  }
  used_.emplace(block, bytes);
  return block;
}

size_t LargeHeap::Free(void* pointer) {
  char* start = static_cast<char*>(pointer);
  std::lock_guard<std::mutex> lock(mutex_);
  const auto used = used_.find(start);
  const size_t bytes = used->second;
  Chunk chunk{bytes, bytes};
  used_.erase(used);

  auto next = free_.upper_bound(start);
  if (next != free_.begin()) {
    const auto before = std::prev(next);
    if (before->first + before->second.bytes == start) {
      start = before->first;
      chunk.bytes += before->second.bytes;
      chunk.resident += before->second.resident;
      Erase(before);
    }
  }
  next = free_.upper_bound(start);
  if (next != free_.end() && start + chunk.bytes == next->first) {
    chunk.bytes += next->second.bytes;
    chunk.resident += next->second.resident;
    Erase(next);
  }
  Insert(start, chunk);

  // Beyond the limit the largest free blocks go first: fewest calls for most pages.
  for (auto at = by_size_.rbegin(); cached_ > cache_limit_ && at != by_size_.rend(); ++at) {
    Drop(free_.find(at->second));
  }
  return bytes;
}

void LargeHeap::ReleasePages() {
  std::lock_guard<std::mutex> lock(mutex_);
  for (auto at = free_.begin(); at != free_.end(); ++at) Drop(at);
}

}  // namespace node_torch
