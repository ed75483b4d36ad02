// The shape of every native function that is not on the hot path: read the arguments, run, answer.
#pragma once

#include "errors.h"
#include "handles.h"
#include "values.h"

namespace node_torch {

// A callback with at most N arguments; body gets the environment and the raw values.
template <size_t N, typename Body>
napi_value Function(napi_env env, napi_callback_info info, Body&& body) {
  CallInfo<N> call;
  if (!call.Read(env, info)) return nullptr;
  auto& environment = *static_cast<Environment*>(call.data);
  return Guarded(environment, [&]() -> napi_value { return body(environment, call); });
}

}  // namespace node_torch
