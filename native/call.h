// `call`: the hot path from a JavaScript method to an operator.
#pragma once

#include "node-api.h"

namespace node_torch {

// call(strings?): operator, arguments and results travel through the call buffer, but for the texts.
napi_value Call(napi_env env, napi_callback_info info);

// lookup("aten::add"): the number that `call` takes, or 0 where the loaded libtorch has no such operator.
napi_value Lookup(napi_env env, napi_callback_info info);

// intern("weight"): the number of an argument name.
napi_value Intern(napi_env env, napi_callback_info info);

// callBuffer(capacity): fresh shared memory { kinds: ArrayBuffer, values: ArrayBuffer } for all later calls.
napi_value NewCallBuffer(napi_env env, napi_callback_info info);

// schemas(): every schema that the loaded libtorch registers.
napi_value ListSchemas(napi_env env, napi_callback_info info);

}  // namespace node_torch
