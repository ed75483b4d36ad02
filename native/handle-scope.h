// JavaScript values made between two calls of JavaScript die with the block.
#pragma once

#include <node_api.h>

namespace node_torch {

class HandleScope {
 public:
  explicit HandleScope(napi_env env) : env_(env), open_(napi_open_handle_scope(env, &scope_) == napi_ok) {}
  ~HandleScope() {
    if (open_) napi_close_handle_scope(env_, scope_);
  }
  HandleScope(const HandleScope&) = delete;
  HandleScope& operator=(const HandleScope&) = delete;

 private:
  napi_env env_;
  napi_handle_scope scope_ = nullptr;
  bool open_;
};

}  // namespace node_torch
