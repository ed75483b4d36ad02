#pragma once

#include <torch/csrc/autograd/function.h>

#include <string>

namespace node_torch {

// The name of the node as Python shows it (`AddBackward0`); of a custom function its own.
std::string GradientName(const torch::autograd::Node& node);

}  // namespace node_torch
