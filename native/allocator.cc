#include "allocator.h"

#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>

#include "allocation-count.h"
#include "heap.h"
#include "object-blocks.h"
#include "small-blocks.h"

namespace node_torch {

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

int64_t FromEnvironment(const char* name, int64_t fallback) {
  const char* text = std::getenv(name);
  if (!text || !*text) return fallback;
  char* end = nullptr;
  const long long value = std::strtoll(text, &end, 10);
  return *end == '\0' && value >= 0 ? value : fallback;
}

int64_t PhysicalMemory() {
  static const int64_t bytes = static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
  return bytes;
}

// Leaked: storages may outlive every static object of this library.
LargeHeap& Heap() {
  static auto* heap = new LargeHeap(FromEnvironment("LIBTORCH_NODE_CACHE_BYTES", PhysicalMemory() / 4));
  return *heap;
}

std::atomic<int> profilers{0};

void Report(void* block, int64_t bytes) {
  if (profilers.load(std::memory_order_relaxed) == 0 || !c10::memoryProfilingEnabled()) return;
  const auto held = static_cast<size_t>(std::max(AllocationCount::Totals().live_bytes, int64_t{0}));
  c10::reportMemoryUsageToProfiler(block, bytes, held, held, c10::Device(c10::DeviceType::CPU));
}

void Free(void* block) {
  if (!block) return;
  if (Heap().Contains(block)) {
    const auto bytes = static_cast<int64_t>(Heap().Free(block));
    AllocationCount::Freed(bytes);
    Report(block, -bytes);
  } else {
    const auto bytes = static_cast<int64_t>(SmallBlocks::Free(block));
    AllocationCount::Freed(bytes);
    Report(block, -bytes);
  }
}

class Allocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    const c10::Device cpu(c10::DeviceType::CPU);
    if (bytes == 0) return {nullptr, nullptr, &Free, cpu};
    void* block = Block(bytes);
    if (!block) {
      Heap().ReleasePages();
      block = Block(bytes);
    }
    TORCH_CHECK_WITH(OutOfMemoryError, block != nullptr,
                     "DefaultCPUAllocator: can't allocate memory: you tried to allocate ", bytes,
                     " bytes. Error code 12 (Cannot allocate memory)");
    return {block, block, &Free, cpu};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &Free; }

  void copy_data(void* target, const void* source, size_t count) const override {
    default_copy_data(target, source, count);
  }

 private:
  static void* Block(size_t bytes) {
    // The heap only reserves addresses, so the kernel would not refuse what can never be backed by memory.
    if (bytes > static_cast<size_t>(PhysicalMemory())) return nullptr;
    if (bytes > SmallBlocks::kLargest) {
      if (void* block = Heap().Allocate(bytes)) {
        const auto rounded = static_cast<int64_t>(LargeHeap::Rounded(bytes));
        AllocationCount::Allocated(rounded);
        Report(block, rounded);
        return block;
      }
    }
    void* block = SmallBlocks::Allocate(bytes);
    if (!block) return nullptr;
    AllocationCount::Allocated(static_cast<int64_t>(bytes));
    Report(block, static_cast<int64_t>(bytes));
    return block;
  }
};

// glibc only: what does not come from this allocator, libtorch's objects and oneDNN's scratch memory.
void TuneMalloc() {
#ifdef __GLIBC__
  if (FromEnvironment("LIBTORCH_NODE_MALLOPT", 1) == 0) return;
  ObjectBlocks::Install();
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
#endif
}

}  // namespace

void CpuAllocator::Install() {
  // AddressSanitizer sees each block of its own allocator, not what waits in lists here.
  if constexpr (kSanitized) return;
  static std::once_flag once;
  std::call_once(once, [] {
    c10::SetCPUAllocator(new Allocator, 1);
    TuneMalloc();
  });
}

CacheStats CpuAllocator::Cache() {
  return {static_cast<int64_t>(Heap().cached_bytes()), static_cast<int64_t>(Heap().cache_limit())};
}

void CpuAllocator::AddProfiler(int change) { profilers.fetch_add(change); }

void CpuAllocator::EmptyCache() {
  Heap().ReleasePages();
  SmallBlocks::Empty();
  ObjectBlocks::Empty();
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace node_torch
