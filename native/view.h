// The memory of a typed array.
#pragma once

#include <cstddef>

#include "node-api.h"

namespace node_torch {

struct View {
  void* data = nullptr;
  size_t bytes = 0;
  napi_value buffer = nullptr;
};

// False for what is no typed array.
bool ReadView(napi_env env, napi_value value, View* view);

}  // namespace node_torch
