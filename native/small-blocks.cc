#include "small-blocks.h"

#include <array>
#include <cstdlib>

namespace node_torch {

namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kLargestKept = 4096;
// Blocks of one thread that another one always frees would pile up there.
constexpr size_t kMostKept = size_t{8} << 20;

// Stands in front of every block.
struct alignas(kAlignment) Header {
  size_t bytes;
  Header* next;
};

size_t ClassOf(size_t bytes) { return (bytes + kAlignment - 1) / kAlignment; }

class Waiting {
 public:
  ~Waiting() { Empty(); }

  Header* Take(size_t size_class) {
    Header* header = lists_[size_class];
    if (!header) return nullptr;
    lists_[size_class] = header->next;
    kept_ -= size_class * kAlignment;
    return header;
  }

  bool Keep(Header* header) {
    const size_t size_class = ClassOf(header->bytes);
    if (kept_ + size_class * kAlignment > kMostKept) return false;
    header->next = lists_[size_class];
    lists_[size_class] = header;
    kept_ += size_class * kAlignment;
    return true;
  }

  void Empty() {
    for (Header*& list : lists_) {
      while (Header* header = list) {
        list = header->next;
        std::free(header);
      }
    }
    kept_ = 0;
  }

 private:
  std::array<Header*, kLargestKept / kAlignment + 1> lists_{};
  size_t kept_ = 0;
};

// Tensors are freed by destructors of other thread-local objects too, when this one may be gone.
thread_local Waiting* waiting = nullptr;
thread_local bool ended = false;

Waiting* OfThread() {
  if (waiting || ended) return waiting;
  struct Owner {
    Waiting blocks;
    ~Owner() {
      waiting = nullptr;
      ended = true;
    }
  };
  thread_local Owner owner;
  return waiting = &owner.blocks;
}

}  // namespace

void* SmallBlocks::Allocate(size_t bytes) {
  Header* header = nullptr;
  if (bytes <= kLargestKept) {
    if (Waiting* blocks = OfThread()) header = blocks->Take(ClassOf(bytes));
    // A whole class each, so that the next tensor of this class fits too.
    if (!header) header = static_cast<Header*>(std::aligned_alloc(kAlignment, kAlignment * (1 + ClassOf(bytes))));
  } else {
    void* raw = nullptr;
    if (posix_memalign(&raw, kAlignment, kAlignment + bytes) == 0) header = static_cast<Header*>(raw);
  }
  if (!header) return nullptr;
  header->bytes = bytes;
  return header + 1;
}

size_t SmallBlocks::Free(void* block) {
  Header* header = static_cast<Header*>(block) - 1;
  const size_t bytes = header->bytes;
  Waiting* blocks = bytes <= kLargestKept ? OfThread() : nullptr;
  if (!blocks || !blocks->Keep(header)) std::free(header);
  return bytes;
}

void SmallBlocks::Empty() {
  if (Waiting* blocks = OfThread()) blocks->Empty();
}

}  // namespace node_torch
