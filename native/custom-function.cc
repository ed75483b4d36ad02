#include "custom-function.h"

#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/custom_function.h>

#include "callback.h"
#include "function.h"
#include "gradient-name.h"

namespace node_torch {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Through which JavaScript reads the saved tensors while its backward runs. The node and JavaScript share it, so that
// neither keeps the other alive.
struct Context {
  AutogradContext* running = nullptr;
};
using ContextPointer = std::shared_ptr<Context>;

// What the node keeps: how to call backward.
struct Bridge : torch::CustomClassHolder {
  Bridge(Environment& environment, napi_value function, ContextPointer context, std::string name)
      : backward(environment, function), context(std::move(context)), name(std::move(name)) {}
  Callback backward;
  ContextPointer context;
  std::string name;
};

constexpr const char* kBridge = "bridge";

c10::intrusive_ptr<Bridge> BridgeOf(const AutogradContext& context) {
  return c10::static_intrusive_pointer_cast<Bridge>(context.saved_data.at(kBridge).toCapsule());
}

// [outputs, saved, dirty, non-differentiable, materialize]: what JavaScript's forward answers.
variable_list ReadForward(Environment& e, napi_value answer, AutogradContext& context) {
  variable_list lists[4];
  napi_value element = nullptr;
  for (uint32_t i = 0; i < 4; ++i) {
    if (napi_get_element(e.env, answer, i, &element) != napi_ok || !ReadHandles(e, element, &lists[i])) {
      ThrowPending(e);
    }
  }
  if (napi_get_element(e.env, answer, 4, &element) != napi_ok) ThrowPending(e);
  context.save_for_backward(lists[1]);
  context.mark_dirty(lists[2]);
  context.mark_non_differentiable(lists[3]);
  context.set_materialize_grads(ToBool(e.env, element, "materializeGrads"));
  return lists[0];
}

using Forward = std::function<variable_list(AutogradContext&)>;

struct JavaScriptFunction : torch::autograd::Function<JavaScriptFunction> {
  static variable_list forward(AutogradContext* context, const Forward& run, at::TensorList) { return run(*context); }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto bridge = BridgeOf(*context);
    variable_list results;
    bridge->backward.Call(
        [&](Environment& e) {
          bridge->context->running = context;
          return std::vector<napi_value>{NewHandles(e, gradients)};
        },
        [&](Environment& e, napi_value answer) {
          if (!ReadHandles(e, answer, &results)) ThrowPending(e);
        });
    bridge->context->running = nullptr;
    results.insert(results.begin(), at::Tensor());  // for `run`, which is an argument too
    return results;
  }
};

ContextPointer ContextOf(Environment& e, napi_value value) {
  void* context = nullptr;
  if (napi_get_value_external(e.env, value, &context) != napi_ok) throw TypeError{"expected a context"};
  return *static_cast<ContextPointer*>(context);
}

}  // namespace

std::string GradientName(const torch::autograd::Node& node) {
  const auto* custom = dynamic_cast<const torch::autograd::CppNode<JavaScriptFunction>*>(&node);
  return custom ? BridgeOf(custom->ctx_)->name : node.name();
}

napi_value NewContext(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) -> napi_value {
    napi_value external = nullptr;
    auto* owned = new ContextPointer(std::make_shared<Context>());
    const auto finalize = [](node_api_basic_env, void* data, void*) { delete static_cast<ContextPointer*>(data); };
    if (napi_create_external(e.env, owned, finalize, nullptr, &external) != napi_ok) {
      delete owned;
      return nullptr;
    }
    return external;
  });
}

// customFunction(context, inputs, forward, backward, name) answers with the outputs.
napi_value CustomFunction(napi_env env, napi_callback_info info) {
  return Function<5>(env, info, [](Environment& e, CallInfo<5>& call) -> napi_value {
    const ContextPointer context = ContextOf(e, call.args[0]);
    std::vector<at::Tensor> inputs;
    std::string name;
    if (!ReadHandles(e, call.args[1], &inputs) || !ReadString(e.env, call.args[4], &name)) return nullptr;
    const Forward forward = [&](AutogradContext& autograd) {
      napi_value global = nullptr, answer = nullptr;
      if (napi_get_global(e.env, &global) != napi_ok ||
          napi_call_function(e.env, global, call.args[2], 0, nullptr, &answer) != napi_ok) {
        ThrowPending(e);
      }
      autograd.saved_data[kBridge] =
          c10::IValue::make_capsule(c10::make_intrusive<Bridge>(e, call.args[3], context, name));
      return ReadForward(e, answer, autograd);
    };
    const variable_list outputs = JavaScriptFunction::apply(forward, at::TensorList(inputs));
    e.ReportMemory();
    return NewHandles(e, outputs);
  });
}

napi_value SavedTensors(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    const ContextPointer context = ContextOf(e, call.args[0]);
    TORCH_CHECK(context->running, "savedTensors can be read while backward runs only");
    return NewHandles(e, context->running->get_saved_variables());
  });
}

}  // namespace node_torch
