// The one door to libtorch's operators. No operator has code of its own.
#pragma once

#include <ATen/core/stack.h>

#include <string>
#include <vector>

#include "schema.h"

namespace node_torch {

// The plan of "namespace::name", or of "namespace::name.overload" alone ("default": the one without a name), made on
// first use; null where no such operator is registered.
const Operator* FindOperator(const std::string& qualified_name);

// Takes the arguments from the stack and leaves the results there.
void CallBoxed(const Overload& overload, torch::jit::Stack& stack);

// Whether the operator's answer depends on the contents of tensors and is none itself, or its shape does.
bool ReadsData(const Overload& overload);

// Every registered schema, as text.
std::vector<std::string> Schemas();

}  // namespace node_torch
