// Freed small blocks wait for the next tensors, per thread. A scope frees hundreds at once, more than glibc's lists of
// a thread hold. The lists of a thread that ended are the next one's.
#pragma once

#include <cstddef>

namespace node_torch {

class SmallBlocks {
 public:
  // Larger ones are LargeHeap's, while it has addresses.
  static constexpr size_t kLargest = 4096;

  // 64-byte aligned, as c10's own allocator gives them: bits of matmul-like ops depend on it. Null when memory is out.
  static void* Allocate(size_t bytes);
  // How many bytes the block was asked for. Any thread may free it.
  static size_t Free(void* block);
  // What waits in the calling thread goes back to glibc.
  static void Empty();
};

}  // namespace node_torch
