// Operators whose forward and backward are JavaScript (torch.autograd.Function).
#pragma once

#include "node-api.h"

namespace node_torch {

napi_value NewContext(napi_env env, napi_callback_info info);
napi_value CustomFunction(napi_env env, napi_callback_info info);
napi_value SavedTensors(napi_env env, napi_callback_info info);

}  // namespace node_torch
