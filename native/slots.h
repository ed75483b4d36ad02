// The native tensor table of one environment. JavaScript holds a handle: one double made of a 28-bit slot and
// a 24-bit generation, so that a stale handle is an error and never another tensor.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace node_torch {

using Handle = uint64_t;

class SlotTable {
 public:
  static constexpr uint64_t kSlotBits = 28;
  static constexpr uint64_t kGenerationBits = 24;

  Handle Add(at::Tensor tensor, uint32_t scope);

  // Null for a handle that is stale, disposed, or was never given out.
  at::Tensor* Find(Handle handle) {
    Slot* slot = At(handle);
    return slot ? &slot->tensor : nullptr;
  }
  uint32_t* FindScope(Handle handle) {
    Slot* slot = At(handle);
    return slot ? &slot->scope : nullptr;
  }

  // False when the handle is stale already; freeing twice is not an error.
  bool Free(Handle handle);

  size_t live() const { return live_; }

 private:
  struct Slot {
    at::Tensor tensor;
    uint32_t generation = 1;
    uint32_t scope = 0;
    uint32_t next_free = 0;
  };

  static constexpr uint64_t kSlotMask = (uint64_t{1} << kSlotBits) - 1;

  Slot* At(Handle handle) {
    const uint64_t index = handle & kSlotMask;
    if (index == 0 || index >= slots_.size()) return nullptr;
    Slot& slot = slots_[index];
    return slot.generation == handle >> kSlotBits && slot.tensor.defined() ? &slot : nullptr;
  }

  std::vector<Slot> slots_{1};  // slot 0 is never used, so 0 is no handle
  uint32_t first_free_ = 0;
  size_t live_ = 0;
};

}  // namespace node_torch
