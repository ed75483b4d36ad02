// What Python's autograd engine adds to libtorch's: default hooks for saved tensors, and the forward stack of a node in
// anomaly mode.
#pragma once

#include "node-api.h"

namespace node_torch {

// Once per process, before the first graph.
void InstallEngine();

// pushSavedTensorHooks(pack, unpack): for graphs that this thread makes. pack(tensor) answers with a value,
// unpack(value, graph task) with the tensor.
napi_value PushSavedTensorHooks(napi_env env, napi_callback_info info);
napi_value PopSavedTensorHooks(napi_env env, napi_callback_info info);

// setAnomaly(enabled, checkNan), per process; anomaly(): [enabled, checkNan].
napi_value SetAnomaly(napi_env env, napi_callback_info info);
napi_value GetAnomaly(napi_env env, napi_callback_info info);

}  // namespace node_torch
