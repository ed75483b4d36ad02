// Autograd beyond the operators: backward, grad, leaf properties, and the thread's modes.
#pragma once

#include "node-api.h"

namespace node_torch {

// grad(handle, known): the handle of x.grad; `known` again when it still is that tensor, 0 when undefined.
napi_value GetGrad(napi_env env, napi_callback_info info);
napi_value SetGrad(napi_env env, napi_callback_info info);

napi_value RequiresGrad(napi_env env, napi_callback_info info);
napi_value SetRequiresGrad(napi_env env, napi_callback_info info);
napi_value IsLeaf(napi_env env, napi_callback_info info);
napi_value RetainGrad(napi_env env, napi_callback_info info);
napi_value GradFnName(napi_env env, napi_callback_info info);
napi_value TensorVersion(napi_env env, napi_callback_info info);
napi_value SetData(napi_env env, napi_callback_info info);

// Modes are per thread. Each setter answers with what was set before.
napi_value GradEnabled(napi_env env, napi_callback_info info);
napi_value SetGradEnabled(napi_env env, napi_callback_info info);
napi_value PushInferenceMode(napi_env env, napi_callback_info info);
napi_value PopInferenceMode(napi_env env, napi_callback_info info);
napi_value InferenceModeEnabled(napi_env env, napi_callback_info info);

}  // namespace node_torch
