#include "tensor.h"

#include <ATen/core/TensorBase.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/set.h>

#include <cmath>

#include "function.h"

namespace node_torch {

namespace {

// Sizes travel through the call buffer; the answer is how many there are.
napi_value PutSizes(Environment& environment, c10::IntArrayRef sizes) {
  environment.ReserveBuffer(sizes.size());
  for (size_t i = 0; i < sizes.size(); ++i) environment.buffer.values[i] = static_cast<double>(sizes[i]);
  return Number(environment.env, static_cast<double>(sizes.size()));
}

}  // namespace

napi_value TensorSizes(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment& e, at::Tensor& t) { return PutSizes(e, t.sizes()); });
}

napi_value TensorStrides(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment& e, at::Tensor& t) { return PutSizes(e, t.strides()); });
}

napi_value TensorDtype(napi_env env, napi_callback_info info) {
  return Property(env, info,
                  [](Environment& e, at::Tensor& t) { return Number(e.env, static_cast<double>(t.scalar_type())); });
}

napi_value TensorDevice(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment& e, at::Tensor& t) { return Text(e.env, t.device().str()); });
}

napi_value TensorLayout(napi_env env, napi_callback_info info) {
  return Property(env, info,
                  [](Environment& e, at::Tensor& t) { return Number(e.env, static_cast<double>(t.layout())); });
}

napi_value TensorIsNested(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment& e, at::Tensor& t) { return Bool(e.env, t.is_nested()); });
}

napi_value TensorNumel(napi_env env, napi_callback_info info) {
  return Property(env, info,
                  [](Environment& e, at::Tensor& t) { return Number(e.env, static_cast<double>(t.numel())); });
}

napi_value TensorStorageOffset(napi_env env, napi_callback_info info) {
  return Property(env, info,
                  [](Environment& e, at::Tensor& t) { return Number(e.env, static_cast<double>(t.storage_offset())); });
}

napi_value TensorIsContiguous(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    int32_t format = 0;
    NODE_TORCH_TRY(napi_get_value_int32(e.env, call.args[1], &format));
    const at::Tensor& tensor = TensorOf(e, call.args[0]);
    return Bool(e.env, tensor.is_contiguous(static_cast<c10::MemoryFormat>(format)));
  });
}

napi_value TensorIsSame(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) {
    return Bool(e.env, TensorOf(e, call.args[0]).is_same(TensorOf(e, call.args[1])));
  });
}

napi_value DisposeTensor(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    double handle = 0;
    NODE_TORCH_TRY(napi_get_value_double(e.env, call.args[0], &handle));
    const bool freed = handle > 0 && e.slots.Free(static_cast<Handle>(handle));
    e.ReportMemory();
    return Bool(e.env, freed);
  });
}

napi_value DuplicateTensor(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment& e, at::Tensor& t) { return NewHandle(e, t); });
}

napi_value TensorIsAlive(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    double handle = 0;
    NODE_TORCH_TRY(napi_get_value_double(e.env, call.args[0], &handle));
    return Bool(e.env, handle > 0 && e.slots.Find(static_cast<Handle>(handle)) != nullptr);
  });
}

}  // namespace node_torch
