// All state of one JavaScript environment (the main thread or one worker). Nothing here is static: a handle
// means nothing in another environment.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/stack.h>
#include <c10/core/InferenceMode.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "allocation-count.h"
#include "background.h"
#include "mailbox.h"
#include "node-api.h"
#include "recorder.h"
#include "reference.h"
#include "slots.h"

namespace node_torch {

class Operator;

// The memory through which JavaScript and native code exchange the values of a call (see call-buffer.h).
struct CallBuffer {
  uint8_t* kinds = nullptr;
  double* values = nullptr;
  size_t capacity = 0;
};

// The stacks of the calls that are under way, and those that were.
struct CallStacks {
  std::vector<std::unique_ptr<torch::jit::Stack>> all;
  size_t depth = 0;
};

struct Scope {
  uint32_t id = 0;
  size_t begin = 0;  // of its handles among those of all scopes
};

class Environment {
 public:
  // Creates the environment's state and its teardown; throws a JavaScript error and returns null on failure.
  static Environment* Create(napi_env env);

  napi_env env = nullptr;
  SlotTable slots;
  CallBuffer buffer;
  CallStacks stacks;
  std::vector<const Operator*> operators;
  std::vector<at::Generator> generators;
  std::vector<std::unique_ptr<c10::InferenceMode>> inference_modes;
  napi_ref make_error = nullptr;
  napi_ref grow_buffer = nullptr;
  std::unique_ptr<Recorder> recorder;  // of the function that is being recorded
  napi_ref warn = nullptr;
  napi_ref read_stack = nullptr;

  // --- scopes ---
  uint32_t current_scope() const { return scopes.empty() ? 0 : scopes.back().id; }
  std::vector<Scope> scopes;
  std::vector<Handle> scoped;  // the handles of all open scopes, innermost last
  uint32_t last_scope = 0;

  // Stores a new tensor; it belongs to the innermost scope if one is open.
  Handle Own(at::Tensor tensor);

  // An External whose finalizer frees the handle; null when the environment is going away.
  napi_value Anchor(Handle handle);

  // Makes the call buffer hold at least so many entries; what it holds stays.
  void ReserveBuffer(size_t entries);

  // Tells V8 how much native memory this environment keeps alive, so that it collects in time. Not inside a scope: what
  // a scope owns does not wait for the collector, whose marking threads would take the processors from libtorch's.
  void ReportMemory();

  // The same, wherever it is called: for what leaves a scope.
  void TellCollector();

  // Asks V8 for a full collection, before an allocation is tried a second time.
  void Collect();

  std::shared_ptr<ReferenceQueue> released = std::make_shared<ReferenceQueue>();
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>(*this);

  // Runs the work on the background thread, then complete on this one; the event loop waits for it.
  void Await(std::function<void()> work, std::function<void(Environment&)> complete);

  Background background{&memory_, mailbox};

  // Waits for what runs in the background and drops what waits there. process.exit() tears no environment down, and
  // libtorch's own objects would die under it.
  void EndBackground();

  // The environment outlives its teardown until the last External that points here is finalized.
  void Reference() { ++references_; }
  void Unreference();

 private:
  static void Teardown(void* data);
  static void FinalizeAnchor(node_api_basic_env env, void* data, void* hint);

  MemoryCounter memory_;
  int64_t reported_bytes_ = 0;
  size_t references_ = 1;
};

}  // namespace node_torch
