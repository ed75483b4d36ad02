// C++ exceptions become JavaScript errors at one place; none crosses a callback.
#pragma once

#include <string>

#include "environment.h"

namespace node_torch {

// Misuse that PyTorch's argument parser answers with TypeError.
struct TypeError {
  std::string message;
};

// Throws the exception in flight as a JavaScript error; call it in a catch (...) block.
void ThrowInFlight(Environment& environment);

// Throws an error of one of the classes in lib/errors.ts.
void Throw(Environment& environment, const char* kind, const std::string& message, const std::string& cpp_trace = "");

// Runs body; on an exception a JavaScript error is pending and null comes back.
template <typename Body>
napi_value Guarded(Environment& environment, Body&& body) {
  try {
    return body();
  } catch (...) {
    ThrowInFlight(environment);
    return nullptr;
  }
}

}  // namespace node_torch
