// A promise for what the background thread computes.
#pragma once

#include <exception>
#include <memory>
#include <optional>

#include "caller.h"
#include "errors.h"

namespace node_torch {

// Rejects with the exception as a JavaScript error.
void Reject(Environment& environment, napi_deferred deferred, const std::exception_ptr& error);

// work() runs on the background thread with the caller's modes and streams; answer(environment, its result) makes, back
// on this thread, what the promise resolves to. Both own all that they use: tensors may be disposed meanwhile.
template <typename Result, typename Work, typename Answer>
napi_value Await(Environment& environment, Work work, Answer answer) {
  struct State {
    std::optional<Result> result;
    std::exception_ptr error;
    Caller caller;
  };
  napi_deferred deferred = nullptr;
  napi_value promise = nullptr;
  NODE_TORCH_TRY(napi_create_promise(environment.env, &deferred, &promise));
  auto state = std::make_shared<State>();
  environment.Await(
      [state, work] {
        try {
          const CallerGuard guard(state->caller);
          state->result = work();
        } catch (...) {
          state->error = std::current_exception();
        }
      },
      [state, answer, deferred](Environment& e) {
        if (state->error) return Reject(e, deferred, state->error);
        try {
          if (napi_value value = answer(e, std::move(*state->result))) napi_resolve_deferred(e.env, deferred, value);
        } catch (...) {
          Reject(e, deferred, std::current_exception());
        }
      });
  return promise;
}

}  // namespace node_torch
