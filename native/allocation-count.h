// How many bytes tensors hold. Each thread adds up its own blocks and passes the sums on now and then: the processor's
// atomic additions for every block would cost as much as finding one.
#pragma once

#include <atomic>
#include <cstdint>

namespace node_torch {

// What the threads of one environment allocated or took over and did not free or hand on.
class MemoryCounter {
 public:
  void Add(int64_t bytes);
  int64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> bytes_{0};
};

// Of all threads. What other threads have not passed on yet is missing: at most 64 KB of each.
struct AllocationTotals {
  int64_t live_bytes;
  int64_t peak_bytes;  // the most that live_bytes has been
  int64_t allocations;
};

class AllocationCount {
 public:
  static void Allocated(int64_t bytes);
  static void Freed(int64_t bytes);
  // From here on the calling thread counts for this one, or for none.
  static void CountFor(MemoryCounter* counter);
  // The calling thread takes over so many bytes, or hands them on: no allocation, but another collector's to free.
  static void TakeOver(int64_t bytes);
  static AllocationTotals Totals();
  static void ResetPeak();
};

}  // namespace node_torch
