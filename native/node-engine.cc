#include "node-engine.h"

#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/graph_task.h>
#include <torch/csrc/autograd/saved_variable_hooks.h>

#include <type_traits>

#include "callback.h"
#include "function.h"
#include "gradient-name.h"
#include "warnings.h"

namespace node_torch {

namespace {

using torch::autograd::AnomalyMetadata;
using torch::autograd::AnomalyMode;
// libtorch has used two kinds of pointer for nodes.
using NodePointer = std::decay_t<decltype(std::declval<const at::Tensor&>().grad_fn())>;

class ForwardStack final : public AnomalyMetadata {
 public:
  void store_stack() override { stack_ = ReadStack(); }

  void assign_parent(const NodePointer& parent) override { parent_ = parent; }

  void print_stack(const std::string& name) override {
    if (stack_.empty()) {
      Warn("Error detected in " + name +
               ". No forward pass information available. Enable detect anomaly during forward pass for more "
               "information.",
           "UserWarning");
    } else {
      Warn("Error detected in " + name + ". Traceback of forward call that caused the error:\n" + stack_,
           "UserWarning");
    }
    for (NodePointer parent = parent_; parent;) {
      auto* made = dynamic_cast<ForwardStack*>(parent->metadata());
      if (!made) break;
      const std::string induced = "\n\nPrevious calculation was induced by " + GradientName(*parent) + ". ";
      Warn(made->stack_.empty()
               ? induced + "No forward pass information available."
               : induced + "Traceback of forward call that induced the previous calculation:\n" + made->stack_,
           "UserWarning");
      const NodePointer next = made->parent_;
      parent = next;
    }
  }

 private:
  std::string stack_;
  NodePointer parent_;
};

struct Hooks {
  std::shared_ptr<Callback> pack, unpack;
};
thread_local std::vector<Hooks> hooks_of_thread;

class SavedHooks final : public torch::autograd::SavedVariableHooks {
 public:
  explicit SavedHooks(Hooks hooks) : hooks_(std::move(hooks)) {}

  void call_pack_hook(const at::Tensor& tensor) override {
    hooks_.pack->Call([&](Environment& e) { return std::vector<napi_value>{NewHandle(e, tensor)}; },
                      [&](Environment& e, napi_value packed) {
                        // In an array: not every value can be referenced.
                        napi_value holder = nullptr;
                        if (napi_create_array_with_length(e.env, 1, &holder) != napi_ok ||
                            napi_set_element(e.env, holder, 0, packed) != napi_ok) {
                          ThrowPending(e);
                        }
                        packed_ = std::make_unique<Reference>(e.env, e.released, holder);
                      });
  }

  at::Tensor call_unpack_hook() override {
    // Of this thread, which need not be the one that JavaScript runs on.
    const int graph_task = torch::autograd::get_current_graph_task_id();
    at::Tensor tensor;
    hooks_.unpack->Call(
        [&](Environment& e) {
          napi_value holder = packed_ ? packed_->Get(e.env) : nullptr, packed = nullptr;
          if (!holder || napi_get_element(e.env, holder, 0, &packed) != napi_ok) ThrowPending(e);
          return std::vector<napi_value>{packed, Number(e.env, graph_task)};
        },
        [&](Environment& e, napi_value handle) { tensor = TensorOf(e, handle); });
    return tensor;
  }

 private:
  Hooks hooks_;
  std::unique_ptr<Reference> packed_;
};

class NodeEngine final : public torch::autograd::Engine {
 public:
  std::unique_ptr<AnomalyMetadata> make_anomaly_metadata() override { return std::make_unique<ForwardStack>(); }

  std::unique_ptr<torch::autograd::SavedVariableHooks> get_default_saved_variable_hooks() override {
    if (hooks_of_thread.empty()) return nullptr;
    return std::make_unique<SavedHooks>(hooks_of_thread.back());
  }
};

// Leaked: graphs may die after every static object.
torch::autograd::Engine& TheEngine() {
  static auto* engine = new NodeEngine;
  return *engine;
}

}  // namespace

void InstallEngine() {
  static const bool installed = (torch::autograd::set_default_engine_stub(TheEngine), true);
  (void)installed;
}

napi_value PushSavedTensorHooks(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    hooks_of_thread.push_back(
        {std::make_shared<Callback>(e, call.args[0]), std::make_shared<Callback>(e, call.args[1])});
    return Number(e.env, static_cast<double>(hooks_of_thread.size()));
  });
}

napi_value PopSavedTensorHooks(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment&, CallInfo<0>&) -> napi_value {
    if (hooks_of_thread.empty()) throw TypeError{"no hooks for saved tensors are on", ""};
    hooks_of_thread.pop_back();
    return nullptr;
  });
}

napi_value SetAnomaly(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    const bool enabled = ToBool(e.env, call.args[0], "mode");
    AnomalyMode::set_enabled(enabled, ToBool(e.env, call.args[1], "checkNan"));
    return nullptr;
  });
}

napi_value GetAnomaly(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) -> napi_value {
    napi_value pair = nullptr;
    NODE_TORCH_TRY(napi_create_array_with_length(e.env, 2, &pair));
    NODE_TORCH_TRY(napi_set_element(e.env, pair, 0, Bool(e.env, AnomalyMode::is_enabled())));
    NODE_TORCH_TRY(napi_set_element(e.env, pair, 1, Bool(e.env, AnomalyMode::should_check_nan())));
    return pair;
  });
}

}  // namespace node_torch
