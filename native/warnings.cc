#include "warnings.h"

#include <c10/util/Exception.h>

#include "environment.h"
#include "handle-scope.h"
#include "values.h"

namespace node_torch {

namespace {

class Listener final : public c10::WarningHandler {
 public:
  void process(const c10::Warning& warning) override {
    const bool user = std::holds_alternative<c10::Warning::UserWarning>(warning.type());
    Warn(warning.msg(), user ? "UserWarning" : "DeprecationWarning");
  }
};

// Calls a function that JavaScript has set; what it throws is dropped, as a warning must not end an operator.
napi_value CallSet(Environment& environment, napi_ref reference, size_t count, const napi_value* args) {
  napi_env env = environment.env;
  napi_value function = nullptr, global = nullptr, result = nullptr, dropped = nullptr;
  if (!reference || napi_get_reference_value(env, reference, &function) != napi_ok ||
      napi_get_global(env, &global) != napi_ok) {
    return nullptr;
  }
  if (napi_call_function(env, global, function, count, args, &result) != napi_ok) {
    napi_get_and_clear_last_exception(env, &dropped);
    return nullptr;
  }
  return result;
}

void WarnHere(Environment& environment, const std::string& message, const std::string& category) {
  const HandleScope scope(environment.env);
  const napi_value args[] = {Text(environment.env, message), Text(environment.env, category)};
  if (args[0] && args[1]) CallSet(environment, environment.warn, 2, args);
}

napi_value Keep(napi_env env, napi_callback_info info, napi_ref Environment::*place) {
  CallInfo<1> call;
  if (!call.Read(env, info)) return nullptr;
  auto& environment = *static_cast<Environment*>(call.data);
  NODE_TORCH_TRY(napi_create_reference(env, call.args[0], 1, &(environment.*place)));
  return nullptr;
}

}  // namespace

napi_value SetWarner(napi_env env, napi_callback_info info) { return Keep(env, info, &Environment::warn); }

napi_value SetStackReader(napi_env env, napi_callback_info info) { return Keep(env, info, &Environment::read_stack); }

void HearWarnings() {
  static auto* listener = new Listener;
  c10::WarningUtils::set_warning_handler(listener);
}

void Warn(const std::string& message, const std::string& category) {
  const std::shared_ptr<Mailbox> mailbox = Mailbox::OfThread();
  if (!mailbox) return;
  if (Environment* environment = mailbox->Here()) return WarnHere(*environment, message, category);
  mailbox->Post([message, category](Environment& environment) { WarnHere(environment, message, category); });
}

std::string ReadStack() {
  const std::shared_ptr<Mailbox> mailbox = Mailbox::OfThread();
  Environment* environment = mailbox ? mailbox->Here() : nullptr;
  std::string stack;
  if (!environment) return stack;
  const HandleScope scope(environment->env);
  napi_value text = CallSet(*environment, environment->read_stack, 0, nullptr);
  if (text) ReadString(environment->env, text, &stack);
  return stack;
}

}  // namespace node_torch
