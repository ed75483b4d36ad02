// Shared libraries that register operators of their own.
#pragma once

#include "node-api.h"

namespace node_torch {

// loadLibrary(path): throws what the dynamic linker says.
napi_value LoadLibrary(napi_env env, napi_callback_info info);

}  // namespace node_torch
