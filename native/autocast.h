// Autocast: which dtype the operators of a device type compute in; per thread.
#pragma once

#include "node-api.h"

namespace node_torch {

// autocastState(deviceType): [enabled, dtype code, cacheEnabled]
napi_value AutocastState(napi_env env, napi_callback_info info);

// enterAutocast(deviceType, enabled, dtype code, cacheEnabled)
napi_value EnterAutocast(napi_env env, napi_callback_info info);

// leaveAutocast(deviceType, enabled, dtype code, cacheEnabled): what was before; the outermost one clears the cache.
napi_value LeaveAutocast(napi_env env, napi_callback_info info);

}  // namespace node_torch
