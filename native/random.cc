#include "random.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

#include "function.h"

namespace node_torch {

namespace {

constexpr size_t kDefault = 0;

at::Generator& GeneratorAt(Environment& environment, napi_value value) {
  uint32_t index = 0;
  auto& generators = environment.generators;
  if (generators.empty()) generators.push_back(at::detail::getDefaultCPUGenerator());
  if (napi_get_value_uint32(environment.env, value, &index) != napi_ok || index >= generators.size() ||
      !generators[index].defined()) {
    throw TypeError{"expected a Generator of this thread"};
  }
  return generators[index];
}

uint64_t ReadSeed(Environment& environment, napi_value value) {
  uint64_t seed = 0;
  bool lossless = false;
  if (napi_get_value_bigint_uint64(environment.env, value, &seed, &lossless) != napi_ok) {
    throw TypeError{"expected a 64-bit seed"};
  }
  return seed;
}

napi_value BigInt(napi_env env, uint64_t value) {
  napi_value result = nullptr;
  NODE_TORCH_TRY(napi_create_bigint_uint64(env, value, &result));
  return result;
}

struct GeneratorAnchor {
  Environment* environment;
  size_t index;
};

// Runs inside the garbage collector.
void FreeGenerator(node_api_basic_env, void* data, void*) {
  auto* anchor = static_cast<GeneratorAnchor*>(data);
  auto& generators = anchor->environment->generators;
  if (anchor->index < generators.size()) generators[anchor->index] = at::Generator();
  anchor->environment->Unreference();
  delete anchor;
}

}  // namespace

napi_value NewGenerator(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    std::string name;
    if (!ReadString(e.env, call.args[0], &name)) return nullptr;
    const c10::Device device(name);
    GeneratorAt(e, Number(e.env, kDefault));
    at::Generator generator =
        device.is_cpu() ? at::detail::createCPUGenerator() : at::globalContext().defaultGenerator(device).clone();
    size_t index = 1;
    while (index < e.generators.size() && e.generators[index].defined()) ++index;
    if (index == e.generators.size()) e.generators.emplace_back();
    e.generators[index] = std::move(generator);

    napi_value result = nullptr, anchor = nullptr;
    auto* data = new GeneratorAnchor{&e, index};
    if (napi_create_external(e.env, data, FreeGenerator, nullptr, &anchor) != napi_ok) {
      delete data;
      return nullptr;
    }
    e.Reference();
    NODE_TORCH_TRY(napi_create_object(e.env, &result));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "index", Number(e.env, static_cast<double>(index))));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "anchor", anchor));
    return result;
  });
}

napi_value SeedGenerator(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    at::Generator& generator = GeneratorAt(e, call.args[0]);
    const uint64_t seed = ReadSeed(e, call.args[1]);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(seed);
    return nullptr;
  });
}

napi_value SeedAll(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    at::manual_seed(ReadSeed(e, call.args[0]));
    return nullptr;
  });
}

napi_value ReseedGenerator(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    at::Generator& generator = GeneratorAt(e, call.args[0]);
    std::lock_guard<std::mutex> lock(generator.mutex());
    return BigInt(e.env, generator.seed());
  });
}

napi_value InitialSeed(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    return BigInt(e.env, GeneratorAt(e, call.args[0]).current_seed());
  });
}

napi_value GetGeneratorState(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    at::Generator& generator = GeneratorAt(e, call.args[0]);
    std::lock_guard<std::mutex> lock(generator.mutex());
    return NewHandle(e, generator.get_state());
  });
}

napi_value SetGeneratorState(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    at::Generator& generator = GeneratorAt(e, call.args[0]);
    const at::Tensor& state = TensorOf(e, call.args[1]);
    TORCH_CHECK_TYPE(state.scalar_type() == at::kByte && state.device().is_cpu(),
                     "RNG state must be a torch.ByteTensor");
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(state);
    return nullptr;
  });
}

}  // namespace node_torch
