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

// What an External of this addon holds. Throws TypeError{expected} for another value.
template <typename T>
T& ExternalOf(Environment& environment, napi_value value, const char* expected) {
  napi_valuetype type = napi_undefined;
  void* data = nullptr;
  if (napi_typeof(environment.env, value, &type) != napi_ok || type != napi_external ||
      napi_get_value_external(environment.env, value, &data) != napi_ok) {
    throw TypeError{expected};
  }
  return *static_cast<T*>(data);
}

}  // namespace node_torch
