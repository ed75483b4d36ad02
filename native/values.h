// Small JavaScript values in and out, for everything that is not on the hot path.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "environment.h"

namespace node_torch {

bool ReadString(napi_env env, napi_value value, std::string* text);

// Throws TypeError, which names the argument, for anything but a boolean.
bool ToBool(napi_env env, napi_value value, const char* name);

bool ReadHandleNumbers(napi_env env, napi_value array, std::vector<Handle>* handles);

// The tensors of an array of handles, 0 for an undefined one; false leaves a JavaScript error pending or the
// environment going away.
bool ReadHandles(Environment& environment, napi_value array, std::vector<at::Tensor>* tensors);

// An array of new handles, 0 for an undefined tensor.
napi_value NewHandles(Environment& environment, const std::vector<at::Tensor>& tensors);

napi_value Number(napi_env env, double value);
napi_value Bool(napi_env env, bool value);
napi_value Text(napi_env env, const std::string& text);

}  // namespace node_torch
