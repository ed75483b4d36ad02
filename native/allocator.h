// The caching CPU allocator, installed once per process. glibc gives large blocks back to the kernel after
// every op and page-faults them in again, which costs 2-7x on convolution nets.
#pragma once

#include <cstdint>

namespace node_torch {

struct AllocatorStats {
  int64_t live_bytes;    // bytes that tensors hold now, of all threads
  int64_t peak_bytes;    // the most that live_bytes has been
  int64_t cached_bytes;  // freed large blocks whose pages are kept
  int64_t cache_limit;   // freed pages beyond this go back to the kernel
  int64_t allocations;
};

class CpuAllocator {
 public:
  // Installs the allocator; later calls do nothing. Storages made earlier keep their own deleter.
  static void Install();
  static int64_t live_bytes();
  // What the calling thread allocated and did not free. Blocks of other threads that it freed do not count.
  static int64_t thread_bytes();
  static AllocatorStats Stats();
  static void ResetPeak();
  static void EmptyCache();
};

}  // namespace node_torch
