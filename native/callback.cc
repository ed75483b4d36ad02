#include "callback.h"

#include <c10/util/Exception.h>

#include "handle-scope.h"

namespace node_torch {

napi_value JavaScriptError::Get(napi_env env) const {
  napi_value holder = value_->Get(env), value = nullptr;
  if (!holder || napi_get_element(env, holder, 0, &value) != napi_ok) return nullptr;
  return value;
}

void ThrowPending(Environment& environment) {
  napi_env env = environment.env;
  napi_value error = nullptr, holder = nullptr;
  const bool taken = napi_get_and_clear_last_exception(env, &error) == napi_ok &&
                     napi_create_array_with_length(env, 1, &holder) == napi_ok &&
                     napi_set_element(env, holder, 0, error) == napi_ok;
  TORCH_CHECK(taken, "the JavaScript environment is ending");
  throw JavaScriptError(std::make_shared<Reference>(env, environment.released, holder));
}

Callback::Callback(Environment& environment, napi_value function)
    : mailbox_(environment.mailbox), function_(environment.env, environment.released, function) {
  ++mailbox_->callbacks;
}

void Callback::Call(const std::function<std::vector<napi_value>(Environment&)>& arguments,
                    const std::function<void(Environment&, napi_value)>& read) const {
  mailbox_->Run([&](Environment& environment) {
    napi_env env = environment.env;
    const HandleScope scope(env);
    napi_value global = nullptr, result = nullptr, function = function_.Get(env);
    const std::vector<napi_value> given = arguments(environment);
    if (!function || napi_get_global(env, &global) != napi_ok ||
        napi_call_function(env, global, function, given.size(), given.data(), &result) != napi_ok) {
      ThrowPending(environment);
    }
    read(environment, result);
  });
}

}  // namespace node_torch
