#include "reference.h"

namespace node_torch {

void ReferenceQueue::Push(napi_ref reference) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!closed_) references_.push_back(reference);
}

void ReferenceQueue::Drain(napi_env env) {
  std::vector<napi_ref> drained;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    drained.swap(references_);
  }
  for (napi_ref reference : drained) napi_delete_reference(env, reference);
}

void ReferenceQueue::Close() {
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  references_.clear();
}

Reference::Reference(napi_env env, std::shared_ptr<ReferenceQueue> queue, napi_value object)
    : queue_(std::move(queue)) {
  queue_->Drain(env);
  if (napi_create_reference(env, object, 1, &reference_) != napi_ok) reference_ = nullptr;
}

Reference::~Reference() {
  if (reference_) queue_->Push(reference_);
}

napi_value Reference::Get(napi_env env) const {
  napi_value value = nullptr;
  if (!reference_ || napi_get_reference_value(env, reference_, &value) != napi_ok) return nullptr;
  return value;
}

}  // namespace node_torch
