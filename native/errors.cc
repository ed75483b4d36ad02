#include "errors.h"

#include <c10/util/Exception.h>

#include <new>

#include "callback.h"

namespace node_torch {

void Throw(Environment& environment, const char* kind, const std::string& message, const std::string& cpp_trace) {
  napi_env env = environment.env;
  napi_value make_error = nullptr, global = nullptr, error = nullptr, args[3] = {};
  if (!environment.make_error || napi_get_reference_value(env, environment.make_error, &make_error) != napi_ok ||
      napi_get_global(env, &global) != napi_ok ||
      napi_create_string_utf8(env, kind, NAPI_AUTO_LENGTH, &args[0]) != napi_ok ||
      napi_create_string_utf8(env, message.data(), message.size(), &args[1]) != napi_ok ||
      napi_create_string_utf8(env, cpp_trace.data(), cpp_trace.size(), &args[2]) != napi_ok ||
      napi_call_function(env, global, make_error, 3, args, &error) != napi_ok) {
    return;  // the environment is going away, or the factory has thrown
  }
  napi_throw(env, error);
}

void ThrowInFlight(Environment& environment) {
  try {
    throw;
  } catch (const JavaScriptError& error) {
    napi_value value = error.Get(environment.env);
    if (value) napi_throw(environment.env, value);
  } catch (const TypeError& error) {
    Throw(environment, "TypeError", error.message);
  } catch (const c10::OutOfMemoryError& error) {
    Throw(environment, "OutOfMemoryError", error.what_without_backtrace(), error.what());
  } catch (const c10::IndexError& error) {
    Throw(environment, "IndexError", error.what_without_backtrace(), error.what());
  } catch (const c10::ValueError& error) {
    Throw(environment, "ValueError", error.what_without_backtrace(), error.what());
  } catch (const c10::TypeError& error) {
    Throw(environment, "TypeError", error.what_without_backtrace(), error.what());
  } catch (const c10::NotImplementedError& error) {
    Throw(environment, "NotImplementedError", error.what_without_backtrace(), error.what());
  } catch (const c10::LinAlgError& error) {
    Throw(environment, "LinAlgError", error.what_without_backtrace(), error.what());
  } catch (const c10::Error& error) {
    Throw(environment, "TorchError", error.what_without_backtrace(), error.what());
  } catch (const std::bad_alloc&) {
    Throw(environment, "OutOfMemoryError", "out of memory outside of tensor storage");
  } catch (const std::exception& error) {
    Throw(environment, "TorchError", error.what());
  } catch (...) {
    Throw(environment, "TorchError", "an unknown C++ exception was thrown");
  }
}

}  // namespace node_torch
