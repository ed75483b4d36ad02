#include "promise.h"

namespace node_torch {

void Reject(Environment& environment, napi_deferred deferred, const std::exception_ptr& error) {
  napi_env env = environment.env;
  try {
    std::rethrow_exception(error);
  } catch (...) {
    ThrowInFlight(environment);
  }
  napi_value value = nullptr;
  if (napi_get_and_clear_last_exception(env, &value) == napi_ok) napi_reject_deferred(env, deferred, value);
}

}  // namespace node_torch
