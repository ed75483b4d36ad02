// TorchScript modules, run by libtorch's own interpreter. A module is an External.
#pragma once

#include "node-api.h"

namespace node_torch {

// scriptLoad(path or bytes, device or null): a module.
napi_value ScriptLoad(napi_env env, napi_callback_info info);

// scriptMethods(module): the names of its methods.
napi_value ScriptMethods(napi_env env, napi_callback_info info);

// scriptRun(module, method, arguments): the result; see script-values.h.
napi_value ScriptRun(napi_env env, napi_callback_info info);

// scriptAttribute(module, name): an attribute of the module.
napi_value ScriptAttribute(napi_env env, napi_callback_info info);

// scriptParameters(module), scriptBuffers(module): names and handles in turn, submodules included.
napi_value ScriptParameters(napi_env env, napi_callback_info info);
napi_value ScriptBuffers(napi_env env, napi_callback_info info);

// scriptTrain(module, on), scriptIsTraining(module)
napi_value ScriptTrain(napi_env env, napi_callback_info info);
napi_value ScriptIsTraining(napi_env env, napi_callback_info info);

// scriptTo(module, device or null, dtype or null)
napi_value ScriptTo(napi_env env, napi_callback_info info);

// scriptFreeze(module, names to keep), scriptOptimize(module): a new module.
napi_value ScriptFreeze(napi_env env, napi_callback_info info);
napi_value ScriptOptimize(napi_env env, napi_callback_info info);

// scriptSave(module): the bytes of its file.
napi_value ScriptSave(napi_env env, napi_callback_info info);

}  // namespace node_torch
