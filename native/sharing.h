// Tensors on their way from one environment to another: a token stands for a tensor until it is adopted once.
#pragma once

#include "node-api.h"

namespace node_torch {

class Environment;

napi_value ShareTensor(napi_env env, napi_callback_info info);
napi_value AdoptTensor(napi_env env, napi_callback_info info);

// Frees what the environment shared and nobody adopted.
void DropShared(const Environment* owner);

}  // namespace node_torch
