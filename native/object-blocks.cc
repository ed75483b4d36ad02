#include "object-blocks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string_view>

#ifdef __GLIBC__

#include <dlfcn.h>
#include <malloc.h>

#include "import-table.h"

namespace node_torch {

namespace {

constexpr size_t kLargestKept = 1024;
// Of each size. What the collector frees are thousands of objects that no cache holds: those glibc joins, and gives out
// again side by side.
constexpr size_t kMostKept = size_t{128} << 10;

// What glibc's blocks of 16, 32, 48 ... bytes hold beside their own size.
constexpr size_t Capacity(size_t size_class) { return 16 * size_class + 8; }
constexpr size_t ClassOf(size_t bytes) { return std::max<size_t>(1, (bytes + 7) / 16); }
constexpr size_t kClasses = ClassOf(kLargestKept) + 1;

struct Block {
  Block* next;
};

struct List {
  Block* first;
  uint32_t room;
};

// Needs no destructor: objects are freed by those of other thread-local objects too, when this one's would be done.
struct Waiting {
  std::array<List, kClasses> lists;
  bool opened;

  void Open() {
    opened = true;
    for (size_t i = 1; i < kClasses; ++i) lists[i].room = kMostKept / Capacity(i);
  }

  void Empty() {
    for (List& list : lists) {
      for (; Block* block = list.first; ++list.room) {
        list.first = block->next;
        std::free(block);
      }
    }
  }

  void End() {
    Empty();
    for (List& list : lists) list.room = 0;
  }
};

thread_local Waiting waiting{};

void OpenUntilThreadEnds() {
  struct Owner {
    ~Owner() { waiting.End(); }
  };
  thread_local Owner owner;
  (void)owner;
  waiting.Open();
}

void* New(size_t bytes) {
  const size_t size_class = ClassOf(bytes);
  if (size_class < kClasses) {
    List& list = waiting.lists[size_class];
    if (Block* block = list.first) {
      list.first = block->next;
      ++list.room;
      return block;
    }
  }
  return ::operator new(bytes);
}

void Delete(void* object) {
  if (!object) return;
  // Not what the caller says it is: glibc would not mind a wrong size either.
  const size_t size_class = ClassOf(malloc_usable_size(object));
  if (size_class < kClasses) {
    Waiting& blocks = waiting;
    if (!blocks.opened) OpenUntilThreadEnds();
    List& list = blocks.lists[size_class];
    if (list.room > 0) {
      list.first = new (object) Block{list.first};
      --list.room;
      return;
    }
  }
  std::free(object);
}

void DeleteSized(void* object, size_t) { Delete(object); }

template <typename Function>
bool IsIn(const char* library, Function* function) {
  Dl_info info;
  return dladdr(reinterpret_cast<void*>(function), &info) &&
         std::string_view(info.dli_fname).find(library) != std::string_view::npos;
}

}  // namespace

void ObjectBlocks::Install() {
  // Another allocator, as a preloaded jemalloc, has lists of its own, and other sizes of blocks. It brings this
  // function along, while the address of malloc itself is one in node's own executable.
  void* (*make)(size_t) = &::operator new;
  if (!IsIn("libc.so", &malloc_usable_size) || !IsIn("libstdc++.so", make)) return;
  for (const char* library : {"libtorch_cpu.so", "libc10.so"}) {
    ReplaceImports(library, {{"_Znwm", reinterpret_cast<void*>(&New)},
                             {"_ZdlPv", reinterpret_cast<void*>(&Delete)},
                             {"_ZdlPvm", reinterpret_cast<void*>(&DeleteSized)}});
  }
}

void ObjectBlocks::Empty() { waiting.Empty(); }

}  // namespace node_torch

#else

namespace node_torch {

void ObjectBlocks::Install() {}
void ObjectBlocks::Empty() {}

}  // namespace node_torch

#endif
