// Which overload a call means, and which entry goes to which parameter.
#pragma once

#include "arguments.h"
#include "convert.h"
#include "schema.h"

namespace node_torch {

struct Assignment {
  static constexpr int32_t kDefault = -1;
  static constexpr int32_t kVarargs = -2;

  const Overload* overload = nullptr;
  c10::SmallVector<int32_t, 16> entries;  // per parameter: a buffer entry, kDefault or kVarargs
};

// Throws TypeError with the text of Python's argument parser.
void Resolve(const Operator& op, const Arguments& arguments, Assignment& assignment);

}  // namespace node_torch
