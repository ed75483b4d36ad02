#include "small-blocks.h"

#include <array>
#include <cstdlib>
#include <mutex>
#include <vector>

namespace node_torch {

namespace {

constexpr size_t kAlignment = 64;
// Blocks of one thread that another one always frees would pile up there.
constexpr size_t kMostKept = size_t{8} << 20;
constexpr size_t kSlab = size_t{256} << 10;

// Stands in front of every block.
struct alignas(kAlignment) Header {
  size_t bytes;
  Header* next;
  bool carved;  // from a slab, to which there is no way back
};

size_t ClassOf(size_t bytes) { return (bytes + kAlignment - 1) / kAlignment; }

// With its header. A whole class each, so that the next tensor of this class fits too.
size_t SizeOf(size_t size_class) { return kAlignment * (1 + size_class); }

// The free blocks of one thread at a time.
class Waiting {
 public:
  Header* Take(size_t size_class) {
    Header* header = lists_[size_class];
    if (!header) return Carve(SizeOf(size_class));
    lists_[size_class] = header->next;
    if (!header->carved) kept_ -= SizeOf(size_class);
    return header;
  }

  bool Keep(Header* header) {
    const size_t size_class = ClassOf(header->bytes);
    if (!header->carved) {
      if (kept_ + SizeOf(size_class) > kMostKept) return false;
      kept_ += SizeOf(size_class);
    }
    header->next = lists_[size_class];
    lists_[size_class] = header;
    return true;
  }

  // What glibc can have back.
  void Empty() {
    for (Header*& list : lists_) {
      Header* carved = nullptr;
      while (Header* header = list) {
        list = header->next;
        if (header->carved) {
          header->next = carved;
          carved = header;
        } else {
          std::free(header);
        }
      }
      list = carved;
    }
    kept_ = 0;
  }

 private:
  // Among libtorch's own objects on glibc's heap, blocks that stay would keep those from joining when they are freed.
  Header* Carve(size_t size) {
    if (left_ < size) {
      if (carved_ >= kMostKept) return nullptr;
      slab_ = static_cast<char*>(std::aligned_alloc(kAlignment, kSlab));
      left_ = slab_ ? kSlab : 0;
      carved_ += left_;
      if (!slab_) return nullptr;
    }
    auto* header = reinterpret_cast<Header*>(slab_);
    header->carved = true;
    slab_ += size;
    left_ -= size;
    return header;
  }

  std::array<Header*, SmallBlocks::kLargest / kAlignment + 1> lists_{};
  size_t kept_ = 0;
  char* slab_ = nullptr;
  size_t left_ = 0;
  size_t carved_ = 0;
};

// The blocks of threads that ended are for those that begin. Leaked: tensors may outlive every static object.
class Idle {
 public:
  static Waiting* Take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (all().empty()) return new Waiting;
    Waiting* last = all().back();
    all().pop_back();
    return last;
  }

  static void Put(Waiting* waiting) {
    const std::lock_guard<std::mutex> lock(mutex_);
    all().push_back(waiting);
  }

 private:
  static std::vector<Waiting*>& all() {
    static auto* waiting = new std::vector<Waiting*>;
    return *waiting;
  }

  static inline std::mutex mutex_;
};

// Tensors are freed by destructors of other thread-local objects too, when this one may be gone.
thread_local Waiting* waiting = nullptr;
thread_local bool ended = false;

Waiting* OfThread() {
  if (waiting || ended) return waiting;
  struct Owner {
    ~Owner() {
      waiting->Empty();
      Idle::Put(waiting);
      waiting = nullptr;
      ended = true;
    }
  };
  waiting = Idle::Take();
  thread_local Owner owner;
  (void)owner;
  return waiting;
}

void KeepForOthers(Header* header) {
  Waiting* others = Idle::Take();
  others->Keep(header);
  Idle::Put(others);
}

}  // namespace

void* SmallBlocks::Allocate(size_t bytes) {
  Waiting* blocks = bytes <= kLargest ? OfThread() : nullptr;
  Header* header = blocks ? blocks->Take(ClassOf(bytes)) : nullptr;
  if (!header) {
    void* raw = nullptr;
    if (posix_memalign(&raw, kAlignment, SizeOf(ClassOf(bytes))) != 0) return nullptr;
    header = static_cast<Header*>(raw);
    header->carved = false;
  }
  header->bytes = bytes;
  return header + 1;
}

size_t SmallBlocks::Free(void* block) {
  Header* header = static_cast<Header*>(block) - 1;
  const size_t bytes = header->bytes;
  Waiting* blocks = bytes <= kLargest ? OfThread() : nullptr;
  if (blocks && blocks->Keep(header)) return bytes;
  if (header->carved) {
    KeepForOthers(header);
  } else {
    std::free(header);
  }
  return bytes;
}

void SmallBlocks::Empty() {
  if (Waiting* blocks = OfThread()) blocks->Empty();
}

}  // namespace node_torch
