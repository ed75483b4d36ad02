// A JavaScript function that native memory holds and calls, from whatever thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <exception>
#include <functional>
#include <memory>

#include "environment.h"
#include "mailbox.h"
#include "reference.h"

namespace node_torch {

// What JavaScript has thrown, on its way through C++; the same value comes out at the other end.
class JavaScriptError : public std::exception {
 public:
  explicit JavaScriptError(std::shared_ptr<Reference> value) : value_(std::move(value)) {}
  const char* what() const noexcept override { return "an exception of JavaScript"; }
  napi_value Get(napi_env env) const;

 private:
  std::shared_ptr<Reference> value_;  // an array of one: not every value can be referenced
};

class Callback {
 public:
  Callback(Environment& environment, napi_value function);
  ~Callback() { --mailbox_->callbacks; }
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;

  // Calls the function on its environment's thread, and gives what it returns to `read` there; `arguments` makes the
  // arguments. Throws JavaScriptError for what the function throws.
  void Call(const std::function<std::vector<napi_value>(Environment&)>& arguments,
            const std::function<void(Environment&, napi_value)>& read) const;

 private:
  std::shared_ptr<Mailbox> mailbox_;
  Reference function_;
};

// Turns the exception that is pending in JavaScript into one of C++.
[[noreturn]] void ThrowPending(Environment& environment);

}  // namespace node_torch
