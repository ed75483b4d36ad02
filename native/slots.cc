#include "slots.h"

#include <c10/util/Exception.h>

namespace node_torch {

namespace {
constexpr uint32_t kLastGeneration = (uint32_t{1} << SlotTable::kGenerationBits) - 1;
}  // namespace

Handle SlotTable::Add(at::Tensor tensor, uint32_t scope) {
  uint32_t index = first_free_;
  if (index != 0) {
    first_free_ = slots_[index].next_free;
  } else {
    TORCH_CHECK(slots_.size() <= kSlotMask, "too many live tensors in this environment: ", live_);
    index = static_cast<uint32_t>(slots_.size());
    slots_.emplace_back();
  }
  Slot& slot = slots_[index];
  slot.tensor = std::move(tensor);
  slot.scope = scope;
  ++live_;
  return (static_cast<uint64_t>(slot.generation) << kSlotBits) | index;
}

bool SlotTable::Free(Handle handle) {
  Slot* slot = At(handle);
  if (!slot) return false;
  // The tensor dies last: its destructor may free a whole graph, and the table must be whole by then.
  at::Tensor dying = std::move(slot->tensor);
  slot->tensor = at::Tensor();
  --live_;
  // A worn-out slot is retired: reusing it would let a stale handle meet a live tensor.
  if (slot->generation != kLastGeneration) {
    ++slot->generation;
    slot->next_free = first_free_;
    first_free_ = static_cast<uint32_t>(handle & kSlotMask);
  } else {
    slot->generation = 0;
  }
  return true;
}

}  // namespace node_torch
