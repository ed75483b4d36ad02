// An operator's results, written to the call buffer.
#pragma once

#include <ATen/core/stack.h>

#include "arguments.h"
#include "schema.h"

namespace node_torch {

// The arguments that are tensors: a result whose TensorImpl is one of theirs is that same JavaScript object.
class TensorArguments {
 public:
  void Add(const Arguments& arguments, uint32_t entry);
  // 0 when the tensor is none of them.
  double HandleOf(const at::Tensor& tensor) const;

 private:
  c10::SmallVector<std::pair<const void*, double>, 8> seen_;
};

// Writes the results and returns what JavaScript needs beside the buffer: undefined inside a scope, one
// External for one new tensor outside of scopes, an array of Externals for several.
napi_value WriteResults(Environment& environment, const Overload& overload, const TensorArguments& arguments,
                        torch::jit::Stack& results);

// The same for one tensor.
napi_value WriteResult(Environment& environment, const TensorArguments& arguments, at::Tensor result);

}  // namespace node_torch
