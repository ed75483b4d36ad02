#include "errors.h"

#include <c10/util/Exception.h>

#include <atomic>
#include <new>

#include "callback.h"

namespace node_torch {

namespace {

std::atomic<bool> cpp_traces{false};

struct Texts {
  std::string message, cpp_trace, op, argument;
};

// Throws an error of one of the classes in lib/errors.ts.
void Throw(Environment& environment, const char* kind, const Texts& texts) {
  napi_env env = environment.env;
  napi_value make_error = nullptr, global = nullptr, error = nullptr, args[5] = {};
  const std::string* const given[] = {&texts.message, &texts.cpp_trace, &texts.op, &texts.argument};
  for (size_t i = 0; i < 4; ++i) {
    if (napi_create_string_utf8(env, given[i]->data(), given[i]->size(), &args[i + 1]) != napi_ok) return;
  }
  if (!environment.make_error || napi_get_reference_value(env, environment.make_error, &make_error) != napi_ok ||
      napi_get_global(env, &global) != napi_ok ||
      napi_create_string_utf8(env, kind, NAPI_AUTO_LENGTH, &args[0]) != napi_ok ||
      napi_call_function(env, global, make_error, 5, args, &error) != napi_ok) {
    return;  // the environment is going away, or the factory has thrown
  }
  napi_throw(env, error);
}

}  // namespace

bool CppTraces() { return cpp_traces; }

void SetCppTraces(bool enabled) { cpp_traces = enabled; }

void ThrowInFlight(Environment& environment, const std::string& op) {
  const auto raise = [&](const char* kind, const c10::Error& error) {
    Throw(environment, kind, {error.what_without_backtrace(), cpp_traces ? error.what() : "", op, ""});
  };
  try {
    throw;
  } catch (const JavaScriptError& error) {
    napi_value value = error.Get(environment.env);
    if (value) napi_throw(environment.env, value);
  } catch (const TypeError& error) {
    Throw(environment, "TypeError", {error.message, "", op, error.argument});
  } catch (const c10::OutOfMemoryError& error) {
    raise("OutOfMemoryError", error);
  } catch (const c10::IndexError& error) {
    raise("IndexError", error);
  } catch (const c10::ValueError& error) {
    raise("ValueError", error);
  } catch (const c10::TypeError& error) {
    raise("TypeError", error);
  } catch (const c10::NotImplementedError& error) {
    raise("NotImplementedError", error);
  } catch (const c10::LinAlgError& error) {
    raise("LinAlgError", error);
  } catch (const c10::Error& error) {
    raise("TorchError", error);
  } catch (const std::bad_alloc&) {
    Throw(environment, "OutOfMemoryError", {"out of memory outside of tensor storage", "", op, ""});
  } catch (const std::exception& error) {
    Throw(environment, "TorchError", {error.what(), "", op, ""});
  } catch (...) {
    Throw(environment, "TorchError", {"an unknown C++ exception was thrown", "", op, ""});
  }
}

}  // namespace node_torch
