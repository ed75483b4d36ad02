// JavaScript values to IValues and back: the only code that switches on schema types.
#pragma once

#include <ATen/core/ivalue.h>

#include "arguments.h"
#include "schema.h"

namespace node_torch {

enum class Strictness {
  kExact,  // the kind that the schema names
  kLoose,  // also a 0-dim tensor for a number, as Python's parser allows in the end
};

bool Accepts(const Operator& op, const Parameter& parameter, const Arguments& arguments, uint32_t entry,
             Strictness strictness);

// The entry must have been accepted. Throws for values out of range and for stale tensors.
c10::IValue ToIValue(const Parameter& parameter, const Arguments& arguments, uint32_t entry);

// A number, or the one in a 0-dim tensor.
c10::Scalar ToScalar(const Arguments& arguments, uint32_t entry);
int64_t ToInt(const Arguments& arguments, uint32_t entry);

// The int list of f(2, 3): all positional arguments from `first` on.
c10::IValue VarargsToIValue(const Arguments& arguments, size_t first);

}  // namespace node_torch
