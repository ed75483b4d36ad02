// JavaScript functions that the autograd engine calls with gradients.
#pragma once

#include "node-api.h"

namespace node_torch {

napi_value RegisterHook(napi_env env, napi_callback_info info);
napi_value RegisterPostAccumulateGradHook(napi_env env, napi_callback_info info);
napi_value RemoveHook(napi_env env, napi_callback_info info);

}  // namespace node_torch
