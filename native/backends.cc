#include "backends.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/DefaultDtype.h>
#include <torch/version.h>

#include "function.h"

namespace node_torch {

namespace {

// What the addon is linked with; whether there is a device is another question.
#ifdef NODE_TORCH_CUDA
constexpr bool kCudaBuild = true;
#else
constexpr bool kCudaBuild = false;
#endif

struct Flag {
  const char* name;
  bool (*get)();
  void (*set)(bool);
};

at::Context& Context() { return at::globalContext(); }

const Flag kFlags[] = {
    {"nnpack.enabled", [] { return Context().userEnabledNNPACK(); }, [](bool v) { Context().setUserEnabledNNPACK(v); }},
    {"mkldnn.enabled", [] { return Context().userEnabledMkldnn(); }, [](bool v) { Context().setUserEnabledMkldnn(v); }},
    {"mkldnn.deterministic", [] { return Context().deterministicMkldnn(); },
     [](bool v) { Context().setDeterministicMkldnn(v); }},
    {"cudnn.enabled", [] { return Context().userEnabledCuDNN(); }, [](bool v) { Context().setUserEnabledCuDNN(v); }},
    {"cudnn.benchmark", [] { return Context().benchmarkCuDNN(); }, [](bool v) { Context().setBenchmarkCuDNN(v); }},
    {"cudnn.deterministic", [] { return Context().deterministicCuDNN(); },
     [](bool v) { Context().setDeterministicCuDNN(v); }},
    {"deterministic", [] { return Context().deterministicAlgorithms(); },
     [](bool v) { Context().setDeterministicAlgorithms(v, false); }},
    {"deterministic.warnOnly", [] { return Context().deterministicAlgorithmsWarnOnly(); },
     [](bool v) { Context().setDeterministicAlgorithms(Context().deterministicAlgorithms(), v); }},
    {"deterministic.fillUninitializedMemory", [] { return Context().deterministicFillUninitializedMemory(); },
     [](bool v) { Context().setDeterministicFillUninitializedMemory(v); }},
    {"flushDenormal", [] { return false; }, [](bool v) { Context().setFlushDenormal(v); }},
};

const Flag& FlagOf(Environment& environment, napi_value value) {
  std::string name;
  if (ReadString(environment.env, value, &name)) {
    for (const Flag& flag : kFlags) {
      if (name == flag.name) return flag;
    }
  }
  throw TypeError{"unknown backend flag '" + name + "'"};
}

}  // namespace

napi_value GetFlag(napi_env env, napi_callback_info info) {
  return Function<1>(env, info,
                     [](Environment& e, CallInfo<1>& call) { return Bool(e.env, FlagOf(e, call.args[0]).get()); });
}

napi_value SetFlag(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    const Flag& flag = FlagOf(e, call.args[0]);
    flag.set(ToBool(e.env, call.args[1], flag.name));
    return nullptr;
  });
}

napi_value GetThreads(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) { return Number(e.env, at::get_num_threads()); });
}

napi_value SetThreads(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    int32_t count = 0;
    NODE_TORCH_TRY(napi_get_value_int32(e.env, call.args[0], &count));
    TORCH_CHECK(count > 0, "set_num_threads expects a positive integer");
    at::set_num_threads(count);
    return nullptr;
  });
}

napi_value SetDeterministic(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    const bool enabled = ToBool(e.env, call.args[0], "mode");
    Context().setDeterministicAlgorithms(enabled, ToBool(e.env, call.args[1], "warnOnly"));
    return nullptr;
  });
}

napi_value SetDefaultDtype(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    int32_t code = 0;
    NODE_TORCH_TRY(napi_get_value_int32(e.env, call.args[0], &code));
    const auto dtype = static_cast<c10::ScalarType>(code);
    TORCH_CHECK_TYPE(c10::isFloatingType(dtype), "only floating-point types are supported as the default type");
    c10::set_default_dtype(c10::scalarTypeToTypeMeta(dtype));
    return nullptr;
  });
}

napi_value DefaultDtype(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) {
    return Number(e.env, static_cast<double>(c10::get_default_dtype_as_scalartype()));
  });
}

napi_value CudaDeviceCount(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) {
    return Number(e.env, at::hasCUDA() ? at::detail::getCUDAHooks().deviceCount() : 0);
  });
}

napi_value Versions(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) -> napi_value {
    napi_value result = nullptr;
    NODE_TORCH_TRY(napi_create_object(e.env, &result));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "torch", Text(e.env, TORCH_VERSION)));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "config", Text(e.env, at::show_config())));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "parallel", Text(e.env, at::get_parallel_info())));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "cuda", Bool(e.env, kCudaBuild)));
    return result;
  });
}

}  // namespace node_torch
