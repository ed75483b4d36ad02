// Freed objects of libtorch's own wait for the next ones, per thread: a tensor, its storage, a graph's node. A scope
// frees thousands at once, of which glibc keeps seven of a size at hand; the others it hands out oldest first, when
// they have left the processor's cache.
#pragma once

namespace node_torch {

class ObjectBlocks {
 public:
  // Takes the place of the operator new and delete that libtorch calls, where they are glibc's malloc and free. Every
  // block stays one of malloc's, so that other code may free what is allocated here, and the other way round.
  static void Install();
  // What waits in the calling thread goes back to glibc.
  static void Empty();
};

}  // namespace node_torch
