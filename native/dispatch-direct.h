// Operators of the commonest signatures, called as C++ calls them: a boxed call packs each argument, checks its type
// again and unpacks it.
#pragma once

#include <memory>

#include "arguments.h"
#include "resolve.h"

namespace c10 {
class OperatorHandle;
}

namespace node_torch {

class DirectCall {
 public:
  virtual ~DirectCall() = default;

  // Whether every argument is of the signature's own type: Python's parser also takes a number for a tensor.
  virtual bool Takes(const Arguments& arguments, const Assignment& assignment) const = 0;

  virtual at::Tensor Call(const Arguments& arguments, const Assignment& assignment) const = 0;
};

// Null for an operator of another signature.
std::shared_ptr<const DirectCall> FindDirectCall(const c10::OperatorHandle& handle, const Overload& plan);

}  // namespace node_torch
