#include "backends.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/DefaultDtype.h>
#include <dlfcn.h>
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

bool AllowsReduction(at::CuBLASReductionOption option) {
  return option == at::CuBLASReductionOption::AllowReducedPrecisionWithSplitK;
}

const Flag kFlags[] = {
    {"nnpack.enabled", [] { return Context().userEnabledNNPACK(); }, [](bool v) { Context().setUserEnabledNNPACK(v); }},
    {"mkldnn.enabled", [] { return Context().userEnabledMkldnn(); }, [](bool v) { Context().setUserEnabledMkldnn(v); }},
    {"mkldnn.deterministic", [] { return Context().deterministicMkldnn(); },
     [](bool v) { Context().setDeterministicMkldnn(v); }},
    {"cudnn.enabled", [] { return Context().userEnabledCuDNN(); }, [](bool v) { Context().setUserEnabledCuDNN(v); }},
    {"cudnn.benchmark", [] { return Context().benchmarkCuDNN(); }, [](bool v) { Context().setBenchmarkCuDNN(v); }},
    {"cudnn.deterministic", [] { return Context().deterministicCuDNN(); },
     [](bool v) { Context().setDeterministicCuDNN(v); }},
    {"cudnn.allowTf32", [] { return Context().allowTF32CuDNN(); }, [](bool v) { Context().setAllowTF32CuDNN(v); }},
    {"cuda.matmul.allowTf32", [] { return Context().allowTF32CuBLAS(); },
     [](bool v) { Context().setAllowTF32CuBLAS(v); }},
    {"cuda.matmul.allowFp16ReducedPrecisionReduction",
     [] { return AllowsReduction(Context().allowFP16ReductionCuBLAS()); },
     [](bool v) { Context().setAllowFP16ReductionCuBLAS(v); }},
    {"cuda.matmul.allowBf16ReducedPrecisionReduction",
     [] { return AllowsReduction(Context().allowBF16ReductionCuBLAS()); },
     [](bool v) { Context().setAllowBF16ReductionCuBLAS(v); }},
    {"cuda.matmul.allowFp16Accumulation", [] { return Context().allowFP16AccumulationCuBLAS(); },
     [](bool v) { Context().setAllowFP16AccumulationCuBLAS(v); }},
    {"cuda.flashSdp", [] { return Context().userEnabledFlashSDP(); }, [](bool v) { Context().setSDPUseFlash(v); }},
    {"cuda.memEfficientSdp", [] { return Context().userEnabledMemEfficientSDP(); },
     [](bool v) { Context().setSDPUseMemEfficient(v); }},
    {"cuda.mathSdp", [] { return Context().userEnabledMathSDP(); }, [](bool v) { Context().setSDPUseMath(v); }},
    {"cuda.cudnnSdp", [] { return Context().userEnabledCuDNNSDP(); }, [](bool v) { Context().setSDPUseCuDNN(v); }},
    {"cppTraces", CppTraces, SetCppTraces},
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

struct Option {
  const char* name;
  std::string (*get)();
  void (*set)(const std::string&);
};

std::string MatmulPrecision() {
  switch (Context().float32MatmulPrecision()) {
    case at::Float32MatmulPrecision::HIGHEST: return "highest";
    case at::Float32MatmulPrecision::HIGH: return "high";
    default: return "medium";
  }
}

template <at::Float32Backend backend, at::Float32Op op>
constexpr Option PrecisionOption(const char* name) {
  return {name, [] { return at::precision2str(Context().float32Precision(backend, op)); },
          [](const std::string& value) { Context().setFloat32Precision(backend, op, at::str2precision(value)); }};
}

using at::Float32Backend;
using at::Float32Op;

const Option kOptions[] = {
    {"float32MatmulPrecision", MatmulPrecision,
     [](const std::string& value) { Context().setFloat32MatmulPrecision(value); }},
    PrecisionOption<Float32Backend::GENERIC, Float32Op::ALL>("fp32Precision"),
    PrecisionOption<Float32Backend::CUDA, Float32Op::ALL>("cudnn.fp32Precision"),
    PrecisionOption<Float32Backend::CUDA, Float32Op::CONV>("cudnn.conv.fp32Precision"),
    PrecisionOption<Float32Backend::CUDA, Float32Op::RNN>("cudnn.rnn.fp32Precision"),
    PrecisionOption<Float32Backend::CUDA, Float32Op::MATMUL>("cuda.matmul.fp32Precision"),
    PrecisionOption<Float32Backend::MKLDNN, Float32Op::ALL>("mkldnn.fp32Precision"),
    PrecisionOption<Float32Backend::MKLDNN, Float32Op::CONV>("mkldnn.conv.fp32Precision"),
    PrecisionOption<Float32Backend::MKLDNN, Float32Op::RNN>("mkldnn.rnn.fp32Precision"),
    PrecisionOption<Float32Backend::MKLDNN, Float32Op::MATMUL>("mkldnn.matmul.fp32Precision"),
};

const Option& OptionOf(Environment& environment, napi_value value) {
  std::string name;
  if (ReadString(environment.env, value, &name)) {
    for (const Option& option : kOptions) {
      if (name == option.name) return option;
    }
  }
  throw TypeError{"unknown backend option '" + name + "'"};
}

struct Fact {
  const char* name;
  double (*get)();
};

// What the build and the processor have, as numbers.
const Fact kFacts[] = {
    {"cudnn",
     [] {
       return static_cast<double>(
           at::detail::getCUDAHooks().compiledWithCuDNN() ? at::detail::getCUDAHooks().versionCuDNN() : 0);
     }},
    {"mkldnn", [] { return static_cast<double>(at::hasMKLDNN()); }},
    {"mkl", [] { return static_cast<double>(at::hasMKL()); }},
    {"openmp", [] { return static_cast<double>(at::hasOpenMP()); }},
};

}  // namespace

napi_value GetOption(napi_env env, napi_callback_info info) {
  return Function<1>(env, info,
                     [](Environment& e, CallInfo<1>& call) { return Text(e.env, OptionOf(e, call.args[0]).get()); });
}

napi_value SetOption(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    const Option& option = OptionOf(e, call.args[0]);
    std::string value;
    if (!ReadString(e.env, call.args[1], &value)) throw TypeError{std::string(option.name) + " must be a string"};
    option.set(value);
    return nullptr;
  });
}

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

napi_value UseOneThread(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment&, CallInfo<0>&) -> napi_value {
    // libtorch takes up the process's number at a thread's first operator; it must have done so before.
    at::get_num_threads();
    // at::set_num_threads would change the process's number. Only libtorch's own OpenMP and MKL will do, so they are
    // looked for among what it is linked with; a build without MKL needs no second function.
    void* libtorch = dlopen("libtorch_cpu.so", RTLD_LAZY | RTLD_NOLOAD);
    if (libtorch == nullptr) return nullptr;
    for (const char* name : {"omp_set_num_threads", "MKL_Set_Num_Threads_Local"}) {
      if (auto* set = reinterpret_cast<void (*)(int)>(dlsym(libtorch, name))) set(1);
    }
    dlclose(libtorch);
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

napi_value Versions(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) -> napi_value {
    napi_value result = nullptr;
    NODE_TORCH_TRY(napi_create_object(e.env, &result));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "torch", Text(e.env, TORCH_VERSION)));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "config", Text(e.env, at::show_config())));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "parallel", Text(e.env, at::get_parallel_info())));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "cuda", Bool(e.env, kCudaBuild)));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "cpuCapability", Text(e.env, at::get_cpu_capability())));
    for (const Fact& fact : kFacts) {
      NODE_TORCH_TRY(napi_set_named_property(e.env, result, fact.name, Number(e.env, fact.get())));
    }
    return result;
  });
}

}  // namespace node_torch
