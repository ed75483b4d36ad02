#include "hooks.h"

#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <atomic>

#include "callback.h"
#include "function.h"

namespace node_torch {

namespace {

// The graph keeps a removed hook, but not its function.
class Hook {
 public:
  Hook(Environment& environment, napi_value function) : callback_(std::make_shared<Callback>(environment, function)) {}

  // What the function makes of the tensor; undefined when it returns nothing or was removed.
  at::Tensor Call(const at::Tensor& tensor) {
    const std::shared_ptr<Callback> callback = Get();
    at::Tensor replaced;
    if (!callback) return replaced;
    callback->Call([&](Environment& e) { return std::vector<napi_value>{NewHandle(e, tensor)}; },
                   [&](Environment& e, napi_value result) {
                     double handle = 0;
                     if (napi_get_value_double(e.env, result, &handle) == napi_ok && handle != 0) {
                       replaced = TensorOf(e, handle);
                     }
                   });
    return replaced;
  }

  bool removed() { return !Get(); }

  void Remove() {
    std::lock_guard<std::mutex> lock(mutex_);
    callback_.reset();
  }

 private:
  std::shared_ptr<Callback> Get() {
    std::lock_guard<std::mutex> lock(mutex_);
    return callback_;
  }

  std::mutex mutex_;
  std::shared_ptr<Callback> callback_;
};

// The engine's form of a hook. It may be taken off its list while it runs, hence the copy.
struct GradientHook {
  std::shared_ptr<Hook> hook;
  at::Tensor operator()(const at::Tensor& gradient) const {
    const std::shared_ptr<Hook> held = hook;
    return held->Call(gradient);
  }
};

// Awaited work may be walking the very list that a hook is added to, so its end is waited for. Inside of a callback of
// that work the walk stands still, and takes a longer list.
void WaitForEngine(Environment& e) {
  if (e.mailbox->running() || !e.background.busy()) return;
  std::atomic<bool> reached{false};
  e.background.Post([&reached, mailbox = e.mailbox] {
    reached = true;
    mailbox->Wake();
  });
  e.mailbox->Serve([&] { return reached.load(); });
}

// Lists of hooks are shortened only where the engine cannot be walking them.
bool EngineRests(Environment& e) { return !e.mailbox->running() && !e.background.busy(); }

// A leaf lives long: what was removed from it must not stay in its list.
void ForgetRemoved(Environment& e, const at::Tensor& tensor) {
  if (!EngineRests(e)) return;
  const auto* meta = torch::autograd::impl::get_autograd_meta(tensor);
  if (!meta || !meta->cpp_hooks_list_) return;
  std::erase_if(*meta->cpp_hooks_list_, [](const auto& function) {
    const auto* ours = function.template target<GradientHook>();
    return ours && ours->hook->removed();
  });
}

// A tensor has one of these for all its functions.
struct PostAccumulateGrad final : torch::autograd::PostAccumulateGradHook {
  void operator()(const at::Tensor& tensor) override {
    for (size_t i = 0; i < hooks.size(); ++i) hooks[i]->Call(tensor);
  }
  std::vector<std::shared_ptr<Hook>> hooks;
};

// What JavaScript needs to remove the hook.
napi_value HandleOf(Environment& e, std::shared_ptr<Hook> hook) {
  napi_value external = nullptr;
  auto* owned = new std::shared_ptr<Hook>(std::move(hook));
  const auto finalize = [](node_api_basic_env, void* data, void*) { delete static_cast<std::shared_ptr<Hook>*>(data); };
  if (napi_create_external(e.env, owned, finalize, nullptr, &external) != napi_ok) {
    delete owned;
    return nullptr;
  }
  return external;
}

}  // namespace

napi_value RegisterHook(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) {
    const at::Tensor& tensor = TensorOf(e, call.args[0]);
    TORCH_CHECK(tensor.requires_grad(), "cannot register a hook on a tensor that doesn't require gradient");
    auto hook = std::make_shared<Hook>(e, call.args[1]);
    WaitForEngine(e);
    ForgetRemoved(e, tensor);
    tensor.register_hook(GradientHook{hook});
    return HandleOf(e, std::move(hook));
  });
}

napi_value RegisterPostAccumulateGradHook(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) {
    const at::Tensor& tensor = TensorOf(e, call.args[0]);
    TORCH_CHECK(tensor.requires_grad(), "cannot register a hook on a tensor that doesn't require gradient");
    TORCH_CHECK(!tensor.grad_fn(), "post accumulate grad hooks cannot be registered on non-leaf tensors");
    auto hook = std::make_shared<Hook>(e, call.args[1]);
    WaitForEngine(e);
    auto* all = dynamic_cast<PostAccumulateGrad*>(torch::autograd::impl::post_acc_grad_hooks(tensor).get());
    if (!all) {
      auto made = std::make_unique<PostAccumulateGrad>();
      all = made.get();
      torch::autograd::impl::set_post_acc_grad_hooks(tensor, std::move(made));
    }
    if (EngineRests(e)) std::erase_if(all->hooks, [](const auto& known) { return known->removed(); });
    all->hooks.push_back(hook);
    return HandleOf(e, std::move(hook));
  });
}

napi_value RemoveHook(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    void* hook = nullptr;
    if (napi_get_value_external(e.env, call.args[0], &hook) != napi_ok) throw TypeError{"expected a hook"};
    (*static_cast<std::shared_ptr<Hook>*>(hook))->Remove();
    return nullptr;
  });
}

}  // namespace node_torch
