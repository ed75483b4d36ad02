#include "allocation-count.h"

#include <algorithm>

namespace node_torch {

namespace {

constexpr int64_t kPassedOn = int64_t{64} << 10;

std::atomic<int64_t> live{0};
std::atomic<int64_t> peak{0};
std::atomic<int64_t> allocations{0};

// Of one thread, since it last passed its sums on.
struct Tally {
  int64_t bytes;
  int64_t most;  // that `bytes` has been
  int64_t allocations;
  MemoryCounter* counter;
  bool ending;  // whether the thread's end will pass them on
  bool ended;
};
thread_local Tally tally_of_thread{};

void PassOn(Tally& tally) {
  const int64_t highest = live.fetch_add(tally.bytes, std::memory_order_relaxed) + tally.most;
  allocations.fetch_add(tally.allocations, std::memory_order_relaxed);
  int64_t seen = peak.load(std::memory_order_relaxed);
  while (highest > seen && !peak.compare_exchange_weak(seen, highest, std::memory_order_relaxed)) {
  }
  if (tally.counter) tally.counter->Add(tally.bytes);
  tally.bytes = tally.most = tally.allocations = 0;
}

// A tally with a destructor would be gone when those of other thread-local objects free tensors.
void PassOnAtEnd(Tally& tally) {
  struct End {
    ~End() {
      PassOn(tally_of_thread);
      tally_of_thread.ended = true;
    }
  };
  thread_local End end;
  (void)end;
  tally.ending = true;
}

void Add(Tally& tally, int64_t bytes) {
  tally.bytes += bytes;
  if (!tally.ending) PassOnAtEnd(tally);
  if (tally.ended || tally.bytes > kPassedOn || tally.bytes < -kPassedOn) PassOn(tally);
}

}  // namespace

void MemoryCounter::Add(int64_t bytes) {
  int64_t seen = bytes_.load(std::memory_order_relaxed);
  while (!bytes_.compare_exchange_weak(seen, std::max(seen + bytes, int64_t{0}), std::memory_order_relaxed)) {
  }
}

void AllocationCount::Allocated(int64_t bytes) {
  Tally& tally = tally_of_thread;
  ++tally.allocations;
  tally.most = std::max(tally.most, tally.bytes + bytes);
  Add(tally, bytes);
}

void AllocationCount::Freed(int64_t bytes) { Add(tally_of_thread, -bytes); }

void AllocationCount::CountFor(MemoryCounter* counter) {
  PassOn(tally_of_thread);
  tally_of_thread.counter = counter;
}

void AllocationCount::TakeOver(int64_t bytes) {
  if (tally_of_thread.counter) tally_of_thread.counter->Add(bytes);
}

AllocationTotals AllocationCount::Totals() {
  PassOn(tally_of_thread);
  return {live.load(std::memory_order_relaxed), peak.load(std::memory_order_relaxed),
          allocations.load(std::memory_order_relaxed)};
}

void AllocationCount::ResetPeak() {
  PassOn(tally_of_thread);
  peak.store(live.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

}  // namespace node_torch
