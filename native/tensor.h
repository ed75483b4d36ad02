// What a tensor is: sizes, dtype, device, life. Each function takes a handle first.
#pragma once

#include "node-api.h"

namespace node_torch {

napi_value TensorSizes(napi_env env, napi_callback_info info);
napi_value TensorStrides(napi_env env, napi_callback_info info);
napi_value TensorDtype(napi_env env, napi_callback_info info);
napi_value TensorDevice(napi_env env, napi_callback_info info);
napi_value TensorLayout(napi_env env, napi_callback_info info);
napi_value TensorIsNested(napi_env env, napi_callback_info info);
napi_value TensorNumel(napi_env env, napi_callback_info info);
napi_value TensorStorageOffset(napi_env env, napi_callback_info info);
napi_value TensorIsContiguous(napi_env env, napi_callback_info info);
napi_value TensorIsSame(napi_env env, napi_callback_info info);
napi_value DuplicateTensor(napi_env env, napi_callback_info info);
napi_value TensorIsAlive(napi_env env, napi_callback_info info);
napi_value DisposeTensor(napi_env env, napi_callback_info info);

}  // namespace node_torch
