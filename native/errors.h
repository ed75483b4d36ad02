// C++ exceptions become JavaScript errors at one place; none crosses a callback.
#pragma once

#include <string>

#include "environment.h"

namespace node_torch {

// Misuse that PyTorch's argument parser answers with TypeError.
struct TypeError {
  std::string message;
  std::string argument;  // its name, where one is to blame
};

// Throws the exception in flight as a JavaScript error, which names the operator; call it in a catch (...) block.
void ThrowInFlight(Environment& environment, const std::string& op = "");

// Whether errors carry libtorch's C++ trace: naming its functions costs milliseconds. Per process.
bool CppTraces();
void SetCppTraces(bool enabled);

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
