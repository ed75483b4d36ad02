// From the number that JavaScript holds to the tensor, with an error for a stale one.
#pragma once

#include "environment.h"

namespace node_torch {

// Throws the TypeError of a handle that is stale or no handle.
[[noreturn]] void ThrowStale();

// Throws TypeError.
inline at::Tensor& TensorOf(Environment& environment, double handle) {
  at::Tensor* tensor = handle > 0 ? environment.slots.Find(static_cast<Handle>(handle)) : nullptr;
  if (!tensor) ThrowStale();
  return *tensor;
}

// Reads a handle argument; throws TypeError.
at::Tensor& TensorOf(Environment& environment, napi_value handle);

// A new tensor's handle as a JavaScript number. It is the caller's to anchor; see lib/tensor.ts.
napi_value NewHandle(Environment& environment, at::Tensor tensor);

}  // namespace node_torch
