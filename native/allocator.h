// The caching CPU allocator, installed once per process. glibc gives large blocks back to the kernel after
// every op and page-faults them in again, which costs 2-7x on convolution nets.
#pragma once

#include <atomic>
#include <cstdint>

namespace node_torch {

struct AllocatorStats {
  int64_t live_bytes;    // bytes that tensors hold now, of all threads
  int64_t peak_bytes;    // the most that live_bytes has been
  int64_t cached_bytes;  // freed large blocks whose pages are kept
  int64_t cache_limit;   // freed pages beyond this go back to the kernel
  int64_t allocations;
};

// What the threads of one environment allocated or took over and did not free or hand on.
class MemoryCounter {
 public:
  void Add(int64_t bytes);
  int64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> bytes_{0};
};

class CpuAllocator {
 public:
  // Installs the allocator; later calls do nothing. Storages made earlier keep their own deleter.
  static void Install();
  static int64_t live_bytes();
  // From here on the calling thread counts for this one, or for none.
  static void CountFor(MemoryCounter* counter);
  // The calling thread takes over so many bytes, or hands them on: no allocation, but another collector's to free.
  static void TakeOver(int64_t bytes);
  static AllocatorStats Stats();
  static void ResetPeak();
  static void EmptyCache();
  // One more profiler, or one less, that wants to know of each block.
  static void AddProfiler(int change);
};

}  // namespace node_torch
