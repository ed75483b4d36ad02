// Switches and facts of the loaded libtorch. What is per process and what per thread: ARCHITECTURE.md.
#pragma once

#include "node-api.h"

namespace node_torch {

// flag(name): the value now; setFlag(name, value). Names are the ones of torch.backends.
napi_value GetFlag(napi_env env, napi_callback_info info);
napi_value SetFlag(napi_env env, napi_callback_info info);

napi_value GetThreads(napi_env env, napi_callback_info info);
napi_value SetThreads(napi_env env, napi_callback_info info);
// useOneThread(): operators of this thread, not of the process, compute alone from now on.
napi_value UseOneThread(napi_env env, napi_callback_info info);

// setDeterministic(enabled, warnOnly)
napi_value SetDeterministic(napi_env env, napi_callback_info info);

// setDefaultDtype(code) and defaultDtype()
napi_value SetDefaultDtype(napi_env env, napi_callback_info info);
napi_value DefaultDtype(napi_env env, napi_callback_info info);

// option(name) and setOption(name, value): the same for values that are words.
napi_value GetOption(napi_env env, napi_callback_info info);
napi_value SetOption(napi_env env, napi_callback_info info);

// versions(): { torch, config, parallel }
napi_value Versions(napi_env env, napi_callback_info info);

// libm(name, x, y?): the C library's own function; V8's bits differ from it in some percent of cases.
napi_value Libm(napi_env env, napi_callback_info info);

}  // namespace node_torch
