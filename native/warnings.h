// libtorch's warnings become Node's, and native code reads JavaScript's stack: both through the thread's environment.
#pragma once

#include <string>

#include "node-api.h"

namespace node_torch {

// setWarner(warn): warn(message, category) is called on the environment's thread.
napi_value SetWarner(napi_env env, napi_callback_info info);

// setStackReader(read): read() answers with the stack of the JavaScript that is running.
napi_value SetStackReader(napi_env env, napi_callback_info info);

// From now on what libtorch warns about on this thread goes to the thread's environment.
void HearWarnings();

// Leaves a warning for the thread's environment; on other threads than its own it is shown later.
void Warn(const std::string& message, const std::string& category);

// The stack of the JavaScript that runs on this thread, or nothing.
std::string ReadStack();

}  // namespace node_torch
