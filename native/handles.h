// From the number that JavaScript holds to the tensor, with an error for a stale one.
#pragma once

#include "environment.h"

namespace node_torch {

// Throws TypeError.
at::Tensor& TensorOf(Environment& environment, double handle);

// Reads a handle argument; throws TypeError.
at::Tensor& TensorOf(Environment& environment, napi_value handle);

// A new tensor's handle as a JavaScript number. It is the caller's to anchor; see lib/tensor.ts.
napi_value NewHandle(Environment& environment, at::Tensor tensor);

}  // namespace node_torch
