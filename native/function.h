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

// A function of one tensor.
template <typename Read>
napi_value Property(napi_env env, napi_callback_info info, Read&& read) {
  return Function<1>(env, info, [&](Environment& environment, CallInfo<1>& call) {
    return read(environment, TensorOf(environment, call.args[0]));
  });
}

}  // namespace node_torch
