// Kineto, libtorch's profiler. It belongs to the thread that started it and to what that thread has done elsewhere.
#pragma once

#include "node-api.h"

namespace node_torch {

// startProfiler(cpu, cuda, recordShapes, profileMemory, withFlops)
napi_value StartProfiler(napi_env env, napi_callback_info info);

// stopProfiler(): { trace, startNs, events }; each event is an array in the order of lib/profiler/event.ts.
napi_value StopProfiler(napi_env env, napi_callback_info info);

// saveTrace(trace, path): in Chrome's format; once per trace.
napi_value SaveTrace(napi_env env, napi_callback_info info);

// enterLabel(name) and leaveLabel(): what runs between them shows under that name.
napi_value EnterLabel(napi_env env, napi_callback_info info);
napi_value LeaveLabel(napi_env env, napi_callback_info info);

}  // namespace node_torch
