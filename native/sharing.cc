#include "sharing.h"

#include <mutex>
#include <unordered_map>

#include "allocation-count.h"
#include "function.h"

namespace node_torch {

namespace {

struct Shared {
  at::Tensor tensor;
  const Environment* owner;
};

int64_t BytesOf(const at::Tensor& tensor) {
  return tensor.has_storage() && tensor.device().is_cpu() ? static_cast<int64_t>(tensor.nbytes()) : 0;
}

std::mutex mutex;
uint64_t last = 0;

std::unordered_map<uint64_t, Shared>& Tokens() {
  static auto* tokens = new std::unordered_map<uint64_t, Shared>;
  return *tokens;
}

}  // namespace

napi_value ShareTensor(napi_env env, napi_callback_info info) {
  return Property(env, info, [](Environment& e, at::Tensor& t) -> napi_value {
    TORCH_CHECK(t.is_leaf() || !t.requires_grad(),
                "Cowardly refusing to share a non-leaf tensor which requires grad, since autograd does not support "
                "crossing environments. If you just want to transfer the data, call detach() on the tensor first.");
    // Its own TensorImpl: the environments agree on the memory, and on nothing else.
    at::Tensor tensor = t.detach();
    tensor.set_requires_grad(t.requires_grad());
    AllocationCount::TakeOver(-BytesOf(tensor));
    std::lock_guard<std::mutex> lock(mutex);
    Tokens().emplace(++last, Shared{std::move(tensor), &e});
    return Number(e.env, static_cast<double>(last));
  });
}

napi_value AdoptTensor(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    double token = 0;
    NODE_TORCH_TRY(napi_get_value_double(e.env, call.args[0], &token));
    at::Tensor tensor;
    {
      std::lock_guard<std::mutex> lock(mutex);
      const auto found = token > 0 ? Tokens().find(static_cast<uint64_t>(token)) : Tokens().end();
      TORCH_CHECK(found != Tokens().end(),
                  "this token was adopted already, or the environment that shared the tensor has ended");
      tensor = std::move(found->second.tensor);
      Tokens().erase(found);
    }
    AllocationCount::TakeOver(BytesOf(tensor));
    e.ReportMemory();
    return NewHandle(e, std::move(tensor));
  });
}

void DropShared(const Environment* owner) {
  std::lock_guard<std::mutex> lock(mutex);
  std::erase_if(Tokens(), [&](const auto& entry) { return entry.second.owner == owner; });
}

}  // namespace node_torch
