// Backward passes: on the calling thread, on the background thread, or there with JavaScript called in between.
#pragma once

#include "node-api.h"

namespace node_torch {

// backward(tensors, gradients, retainGraph, createGraph, inputs): handles; 0 is an undefined gradient.
napi_value Backward(napi_env env, napi_callback_info info);

// The same on the background thread; answers with a promise.
napi_value BackwardAsync(napi_env env, napi_callback_info info);

// autogradGrad(outputs, inputs, gradients, retainGraph, createGraph, allowUnused): handles; 0 where unused.
napi_value AutogradGrad(napi_env env, napi_callback_info info);

}  // namespace node_torch
