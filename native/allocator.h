// The caching CPU allocator, installed once per process. glibc gives large blocks back to the kernel after
// every op and page-faults them in again, which costs 2-7x on convolution nets.
#pragma once

#include <cstdint>

namespace node_torch {

struct CacheStats {
  int64_t cached_bytes;  // freed large blocks whose pages are kept
  int64_t cache_limit;   // freed pages beyond this go back to the kernel
};

class CpuAllocator {
 public:
  // Installs the allocator; later calls do nothing. Storages made earlier keep their own deleter.
  static void Install();
  static CacheStats Cache();
  static void EmptyCache();
  // One more profiler, or one less, that wants to know of each block.
  static void AddProfiler(int change);
};

}  // namespace node_torch
