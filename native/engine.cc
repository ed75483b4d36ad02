#include "engine.h"

#include <ATen/Context.h>
#include <torch/csrc/autograd/autograd.h>

#include <atomic>
#include <cstdlib>

#include "caller.h"
#include "function.h"
#include "promise.h"

namespace node_torch {

namespace {

struct BackwardCall {
  std::vector<at::Tensor> tensors, gradients, inputs;
  bool retain_graph = false, create_graph = false;

  // False leaves a JavaScript error pending.
  bool Read(Environment& e, CallInfo<5>& call) {
    retain_graph = ToBool(e.env, call.args[2], "retainGraph");
    create_graph = ToBool(e.env, call.args[3], "createGraph");
    return ReadHandles(e, call.args[0], &tensors) && ReadHandles(e, call.args[1], &gradients) &&
           ReadHandles(e, call.args[4], &inputs);
  }

  void Run() const { torch::autograd::backward(tensors, gradients, retain_graph, create_graph, inputs); }
};

// The graphs of other devices run on the engine's threads. When one of those calls JavaScript, this thread must be
// free to answer, so that it cannot be the one that waits inside of the engine. The same holds while awaited work
// runs: both passes may meet at one leaf, whose lock is held during its hooks.
bool NeedsThread(Environment& e) {
  static const bool always = std::getenv("LIBTORCH_NODE_BACKWARD_THREAD") != nullptr;
  return always || e.background.busy() || (e.mailbox->callbacks > 0 && at::hasCUDA());
}

void RunEngine(Environment& e, const std::function<void()>& pass) {
  if (!NeedsThread(e)) return pass();
  std::atomic<bool> done{false};
  std::exception_ptr error;
  const Caller caller;
  const std::function<void()> work = [&, mailbox = e.mailbox] {
    try {
      const CallerGuard guard(caller);
      pass();
    } catch (...) {
      error = std::current_exception();
    }
    done = true;
    mailbox->Wake();
  };
  // Inside of a callback the background thread is waiting for this very call.
  std::thread aside;
  if (e.mailbox->running()) {
    aside = e.background.Aside(work);
  } else {
    e.background.Post(work);
  }
  e.mailbox->Serve([&] { return done.load(); });
  if (aside.joinable()) aside.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace

napi_value Backward(napi_env env, napi_callback_info info) {
  return Function<5>(env, info, [](Environment& e, CallInfo<5>& call) -> napi_value {
    BackwardCall backward;
    if (!backward.Read(e, call)) return nullptr;
    RunEngine(e, [&] { backward.Run(); });
    e.ReportMemory();
    return nullptr;
  });
}

napi_value BackwardAsync(napi_env env, napi_callback_info info) {
  return Function<5>(env, info, [](Environment& e, CallInfo<5>& call) -> napi_value {
    auto backward = std::make_shared<BackwardCall>();
    if (!backward->Read(e, call)) return nullptr;
    return Await<int>(
        e,
        [backward] {
          backward->Run();
          return 0;
        },
        [](Environment& environment, int) -> napi_value {
          napi_value undefined = nullptr;
          NODE_TORCH_TRY(napi_get_undefined(environment.env, &undefined));
          return undefined;
        });
  });
}

napi_value AutogradGrad(napi_env env, napi_callback_info info) {
  return Function<6>(env, info, [](Environment& e, CallInfo<6>& call) -> napi_value {
    std::vector<at::Tensor> outputs, inputs, gradients, results;
    const bool retain_graph = ToBool(e.env, call.args[3], "retainGraph");
    const bool create_graph = ToBool(e.env, call.args[4], "createGraph");
    const bool allow_unused = ToBool(e.env, call.args[5], "allowUnused");
    if (!ReadHandles(e, call.args[0], &outputs) || !ReadHandles(e, call.args[1], &inputs) ||
        !ReadHandles(e, call.args[2], &gradients)) {
      return nullptr;
    }
    RunEngine(e, [&] {
      results = torch::autograd::grad(outputs, inputs, gradients, retain_graph, create_graph, allow_unused);
    });
    e.ReportMemory();
    return NewHandles(e, results);
  });
}

}  // namespace node_torch
