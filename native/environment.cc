#include "environment.h"

#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include "allocator.h"
#include "sharing.h"
#include "warnings.h"

namespace node_torch {

namespace {
// V8 reacts to external memory in steps of tens of megabytes; reporting finer than this only costs time.
constexpr int64_t kReportStep = 1 << 20;
constexpr int64_t kCollectPressure = int64_t{8} << 30;
}  // namespace

Environment* Environment::Create(napi_env env) {
  auto* environment = new Environment;
  environment->env = env;
  if (napi_add_env_cleanup_hook(env, Teardown, environment) != napi_ok) {
    delete environment;
    napi_throw_error(env, nullptr, "libtorch-node could not register its environment cleanup hook");
    return nullptr;
  }
  // A thread that reaches oneDNN or MKL first has OpenMP's thread count, not libtorch's, until this ran.
  at::init_num_threads();
  Mailbox::Bind(environment->mailbox);
  HearWarnings();
  AllocationCount::CountFor(&environment->memory_);
  return environment;
}

void Environment::EndBackground() {
  // In a callback of the background's own work only the end of the process can have brought us here.
  const bool waited_for = mailbox->running();
  mailbox->Close();
  if (waited_for) {
    background.Abandon();
  } else {
    background.Join();
  }
}

void Environment::Teardown(void* data) {
  auto* environment = static_cast<Environment*>(data);
  environment->EndBackground();
  DropShared(environment);
  environment->released->Close();
  environment->inference_modes.clear();
  environment->generators.clear();
  environment->scopes.clear();
  environment->scoped.clear();
  environment->slots = SlotTable();
  AllocationCount::CountFor(nullptr);
  Mailbox::Bind(nullptr);
  environment->Unreference();
}

void Environment::Unreference() {
  if (--references_ == 0) delete this;
}

Handle Environment::Own(at::Tensor tensor) {
  const Handle handle = slots.Add(std::move(tensor), current_scope());
  if (!scopes.empty()) scoped.push_back(handle);
  return handle;
}

napi_value Environment::Anchor(Handle handle) {
  napi_value external = nullptr;
  // The handle itself is the data pointer: no allocation per tensor.
  if (napi_create_external(env, reinterpret_cast<void*>(handle), FinalizeAnchor, this, &external) != napi_ok) {
    return nullptr;
  }
  ++references_;
  return external;
}

// Runs inside the garbage collector: touches nothing of the JavaScript heap.
void Environment::FinalizeAnchor(node_api_basic_env, void* data, void* hint) {
  auto* environment = static_cast<Environment*>(hint);
  environment->slots.Free(reinterpret_cast<Handle>(data));
  environment->Unreference();
}

void Environment::ReserveBuffer(size_t entries) {
  if (entries <= buffer.capacity) return;
  napi_value global = nullptr, grow = nullptr, count = nullptr;
  const bool called = napi_get_global(env, &global) == napi_ok &&
                      napi_get_reference_value(env, grow_buffer, &grow) == napi_ok &&
                      napi_create_double(env, static_cast<double>(entries), &count) == napi_ok &&
                      napi_call_function(env, global, grow, 1, &count, nullptr) == napi_ok;
  // grow has thrown, and its error is the one that is seen; or the environment is going away.
  TORCH_CHECK(called && entries <= buffer.capacity, "the call buffer did not grow");
}

void Environment::ReportMemory() {
  if (current_scope() == 0) TellCollector();
}

void Environment::TellCollector() {
  // The allocator's bytes, not the size of a handle: a 4-byte loss can hold a whole graph. Of this environment, as what
  // others free would hide what this one makes.
  const int64_t change = memory_.bytes() - reported_bytes_;
  if (change > -kReportStep && change < kReportStep) return;
  // Never below zero: what was reported is remembered, and bytes are never negative.
  reported_bytes_ += change;
  int64_t total = 0;
  if (napi_adjust_external_memory(env, change, &total) != napi_ok) reported_bytes_ -= change;
}

void Environment::Collect() {
  int64_t total = 0;
  if (napi_adjust_external_memory(env, kCollectPressure, &total) == napi_ok) {
    napi_adjust_external_memory(env, -kCollectPressure, &total);
  }
  CpuAllocator::EmptyCache();
}

void Environment::Await(std::function<void()> work, std::function<void(Environment&)> complete) {
  mailbox->Hold();
  background.Post([work = std::move(work), complete = std::move(complete), mailbox = mailbox] {
    work();
    mailbox->Post([complete](Environment& environment) {
      complete(environment);
      environment.mailbox->Release();
      environment.ReportMemory();
    });
  });
}

}  // namespace node_torch
