// References to JavaScript values that native memory points into. Tensors and graphs die anywhere (inside GC, on an
// engine thread, in another worker); the reference is deleted later, on its own environment's thread.
#pragma once

#include <node_api.h>

#include <memory>
#include <mutex>
#include <vector>

namespace node_torch {

class ReferenceQueue {
 public:
  void Push(napi_ref reference);
  void Drain(napi_env env);
  void Close();

 private:
  std::mutex mutex_;
  std::vector<napi_ref> references_;
  bool closed_ = false;
};

class Reference {
 public:
  Reference(napi_env env, std::shared_ptr<ReferenceQueue> queue, napi_value object);
  ~Reference();
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;

  // On the environment's thread only; null when the environment is going away.
  napi_value Get(napi_env env) const;

 private:
  std::shared_ptr<ReferenceQueue> queue_;
  napi_ref reference_ = nullptr;
};

}  // namespace node_torch
