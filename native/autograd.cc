#include "autograd.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

#include "function.h"
#include "gradient-name.h"

namespace node_torch {

namespace {

// What Python's property checks before it sets `grad`.
void CheckGradient(const at::Tensor& tensor, const at::Tensor& gradient) {
  TORCH_CHECK(!gradient.is_same(tensor), "can't assign Variable as its own grad");
  const auto dtype = tensor.grad_dtype();
  TORCH_CHECK(!dtype || gradient.scalar_type() == *dtype, "attempting to assign a gradient with dtype '",
              gradient.dtype(), "' to a tensor with grad_dtype '", *dtype,
              "'. The gradient must match the tensor's grad_dtype (defaults to the tensor's dtype). You can set the "
              "tensor's grad_dtype attribute with a specific dtype, or None to allow any dtype. Set grad_dtype with "
              "caution. Diverging the dtypes of a tensor and its gradient may break downstream systems that assume "
              "they match.");
  TORCH_CHECK(gradient.device().type() == tensor.device().type(), "attempting to assign a gradient with device type '",
              gradient.device().type(), "' to a tensor with device type '", tensor.device().type(),
              "'. Please ensure that the gradient and the tensor are on the same device");
  TORCH_CHECK(gradient.get_device() == tensor.get_device(),
              "attempting to assign a gradient located on device with index '", gradient.get_device(),
              "' to a tensor located on device with index '", tensor.get_device(),
              "'. Please ensure that the gradient and the tensor are on the same device");
  TORCH_CHECK(gradient.sizes() == tensor.sizes(), "attempting to assign a gradient of size '", gradient.sizes(),
              "' to a tensor of size '", tensor.sizes(),
              "'. Please ensure that the gradient and the tensor are the same size");
}

}  // namespace

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
    CheckGradient(tensor, gradient);
    tensor.mutable_grad() = gradient;
    return nullptr;
  });
}

napi_value RequiresGrad(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment& e, at::Tensor& t) { return Bool(e.env, t.requires_grad()); });
}

napi_value SetRequiresGrad(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    const bool flag = ToBool(e.env, call.args[1], "requiresGrad");
    TensorOf(e, call.args[0]).set_requires_grad(flag);
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
    return Text(e.env, node ? GradientName(*node) : "");
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
    const bool enabled = ToBool(e.env, call.args[0], "enabled");
    const bool before = c10::GradMode::is_enabled();
    c10::GradMode::set_enabled(enabled);
    return Bool(e.env, before);
  });
}

napi_value PushInferenceMode(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    const bool enabled = ToBool(e.env, call.args[0], "enabled");
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
