// Raw Node-API with every status checked. Policy of the hot path: a failed status means the environment is
// going away (a worker was terminated) or an exception is already pending, so the callback just returns.
#pragma once

#include <node_api.h>

// Basic finalizers run inside the garbage collector only for addons of the experimental version; with any
// other value every finalizer waits for the event loop and a synchronous loop keeps gigabytes alive.
static_assert(NAPI_VERSION == 2147483647, "build with NAPI_VERSION=2147483647: finalizers must run inside GC");

namespace node_torch {

#define NODE_TORCH_TRY(call)               \
  do {                                     \
    if ((call) != napi_ok) return nullptr; \
  } while (0)

// The arguments of one call from JavaScript: at most N, missing ones are undefined.
template <size_t N>
struct CallInfo {
  size_t count = N;
  napi_value args[N == 0 ? 1 : N] = {};
  void* data = nullptr;

  bool Read(napi_env env, napi_callback_info info) {
    return napi_get_cb_info(env, info, &count, args, nullptr, &data) == napi_ok;
  }
};

}  // namespace node_torch
