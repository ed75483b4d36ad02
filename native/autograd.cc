#include "autograd.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

#include "function.h"

namespace node_torch {

namespace {

template <typename Read>
napi_value Property(napi_env env, napi_callback_info info, Read&& read) {
  return Function<1>(env, info, [&](Environment& environment, CallInfo<1>& call) {
    return read(environment, TensorOf(environment, call.args[0]));
  });
}

}  // namespace

napi_value Backward(napi_env env, napi_callback_info info) {
  return Function<5>(env, info, [](Environment& e, CallInfo<5>& call) -> napi_value {
    std::vector<at::Tensor> tensors, gradients, inputs;
    bool retain_graph = false, create_graph = false;
    if (!ReadHandles(e, call.args[0], &tensors) || !ReadHandles(e, call.args[1], &gradients) ||
        !ReadBool(e.env, call.args[2], &retain_graph) || !ReadBool(e.env, call.args[3], &create_graph) ||
        !ReadHandles(e, call.args[4], &inputs)) {
      return nullptr;
    }
    torch::autograd::backward(tensors, gradients, retain_graph, create_graph, inputs);
    e.ReportMemory();
    return nullptr;
  });
}

napi_value AutogradGrad(napi_env env, napi_callback_info info) {
  return Function<6>(env, info, [](Environment& e, CallInfo<6>& call) -> napi_value {
    std::vector<at::Tensor> outputs, inputs, gradients;
    bool retain_graph = false, create_graph = false, allow_unused = false;
    if (!ReadHandles(e, call.args[0], &outputs) || !ReadHandles(e, call.args[1], &inputs) ||
        !ReadHandles(e, call.args[2], &gradients) || !ReadBool(e.env, call.args[3], &retain_graph) ||
        !ReadBool(e.env, call.args[4], &create_graph) || !ReadBool(e.env, call.args[5], &allow_unused)) {
      return nullptr;
    }
    const auto results = torch::autograd::grad(outputs, inputs, gradients, retain_graph, create_graph, allow_unused);
    napi_value handles = nullptr;
    NODE_TORCH_TRY(napi_create_array_with_length(e.env, results.size(), &handles));
    for (size_t i = 0; i < results.size(); ++i) {
      napi_value handle = results[i].defined() ? NewHandle(e, results[i]) : Number(e.env, 0);
      if (!handle) return nullptr;
      NODE_TORCH_TRY(napi_set_element(e.env, handles, static_cast<uint32_t>(i), handle));
    }
    e.ReportMemory();
    return handles;
  });
}

napi_value GetGrad(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    double known = 0;
    NODE_TORCH_TRY(napi_get_value_double(e.env, call.args[1], &known));
    const at::Tensor& gradient = TensorOf(e, call.args[0]).grad();
    if (!gradient.defined()) return Number(e.env, 0);
    const at::Tensor* seen = known > 0 ? e.slots.Find(static_cast<Handle>(known)) : nullptr;
    if (seen && seen->is_same(gradient)) return Number(e.env, known);
    return NewHandle(e, gradient);
  });
}

napi_value SetGrad(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    double handle = 0;
    NODE_TORCH_TRY(napi_get_value_double(e.env, call.args[1], &handle));
    at::Tensor& tensor = TensorOf(e, call.args[0]);
    if (handle == 0) {
      tensor.mutable_grad().reset();
      e.ReportMemory();
      return nullptr;
    }
    const at::Tensor& gradient = TensorOf(e, handle);
    TORCH_CHECK(!gradient.is_same(tensor), "can't assign Variable as its own grad");
    TORCH_CHECK_TYPE(gradient.scalar_type() == tensor.scalar_type(), "assigned grad has data of a different type");
    TORCH_CHECK(gradient.device() == tensor.device(), "assigned grad has data located on a different device");
    TORCH_CHECK(gradient.sizes() == tensor.sizes(), "assigned grad has data of a different size");
    tensor.mutable_grad() = gradient;
    return nullptr;
  });
}

napi_value RequiresGrad(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment& e, at::Tensor& t) { return Bool(e.env, t.requires_grad()); });
}

napi_value SetRequiresGrad(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    bool flag = false;
    if (!ReadBool(e.env, call.args[1], &flag)) return nullptr;
    at::Tensor& tensor = TensorOf(e, call.args[0]);
    TORCH_CHECK(flag || tensor.is_leaf() || !tensor.requires_grad(),
                "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in "
                "a subgraph that doesn't require differentiation use var_no_grad = var.detach().");
    tensor.set_requires_grad(flag);
    return nullptr;
  });
}

napi_value IsLeaf(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment& e, at::Tensor& t) { return Bool(e.env, t.is_leaf()); });
}

napi_value RetainGrad(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment&, at::Tensor& t) -> napi_value {
    t.retain_grad();
    return nullptr;
  });
}

napi_value GradFnName(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment& e, at::Tensor& t) {
    const auto& node = t.grad_fn();
    return Text(e.env, node ? node->name() : "");
  });
}

napi_value TensorVersion(napi_env env, napi_callback_info info) {
  return Property(env, info,
                  [](Environment& e, at::Tensor& t) { return Number(e.env, static_cast<double>(t._version())); });
}

napi_value SetData(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    TensorOf(e, call.args[0]).set_data(TensorOf(e, call.args[1]));
    e.ReportMemory();
    return nullptr;
  });
}

napi_value GradEnabled(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) { return Bool(e.env, c10::GradMode::is_enabled()); });
}

napi_value SetGradEnabled(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    bool enabled = false;
    if (!ReadBool(e.env, call.args[0], &enabled)) return nullptr;
    const bool before = c10::GradMode::is_enabled();
    c10::GradMode::set_enabled(enabled);
    return Bool(e.env, before);
  });
}

napi_value PushInferenceMode(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    bool enabled = false;
    if (!ReadBool(e.env, call.args[0], &enabled)) return nullptr;
    e.inference_modes.push_back(std::make_unique<c10::InferenceMode>(enabled));
    return Number(e.env, static_cast<double>(e.inference_modes.size()));
  });
}

napi_value PopInferenceMode(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    uint32_t depth = 0;
    NODE_TORCH_TRY(napi_get_value_uint32(e.env, call.args[0], &depth));
    if (depth == 0 || depth != e.inference_modes.size()) {
      throw TypeError{"this inference mode is not the innermost one"};
    }
    e.inference_modes.pop_back();
    return nullptr;
  });
}

napi_value InferenceModeEnabled(napi_env env, napi_callback_info info) {
  return Function<0>(env, info,
                     [](Environment& e, CallInfo<0>&) { return Bool(e.env, c10::InferenceMode::is_enabled()); });
}

}  // namespace node_torch
