#include "accelerator.h"

#include <ATen/Context.h>
#include <ATen/core/Tensor.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <array>

#include "function.h"

#ifdef NODE_TORCH_CUDA
namespace c10::cuda {
// Of libc10_cuda; its header would ask for CUDA's.
DeviceIndex device_count_ensure_non_zero();
}  // namespace c10::cuda
#endif

namespace node_torch {

namespace {

constexpr auto kCuda = c10::DeviceType::CUDA;

c10::impl::VirtualGuardImpl Cuda() { return c10::impl::VirtualGuardImpl(kCuda); }

c10::DeviceIndex IndexOf(Environment& e, napi_value value) {
  int32_t index = 0;
  if (napi_get_value_int32(e.env, value, &index) != napi_ok) throw TypeError{"expected a device's number", "device"};
  return static_cast<c10::DeviceIndex>(index);
}

c10::Device DeviceOf(Environment& e, napi_value value) { return {kCuda, IndexOf(e, value)}; }

c10::Stream StreamOf(Environment& e, napi_value id, napi_value device) {
  int64_t number = 0;
  bool lossless = false;
  if (napi_get_value_bigint_int64(e.env, id, &number, &lossless) != napi_ok) {
    throw TypeError{"expected a stream", "stream"};
  }
  return c10::Stream(c10::Stream::UNSAFE, DeviceOf(e, device), number);
}

napi_value StreamValue(Environment& e, const c10::Stream& stream) {
  napi_value pair = nullptr, id = nullptr;
  NODE_TORCH_TRY(napi_create_array_with_length(e.env, 2, &pair));
  NODE_TORCH_TRY(napi_create_bigint_int64(e.env, stream.id(), &id));
  NODE_TORCH_TRY(napi_set_element(e.env, pair, 0, id));
  NODE_TORCH_TRY(napi_set_element(e.env, pair, 1, Number(e.env, stream.device_index())));
  return pair;
}

c10::Event& EventOf(Environment& e, napi_value value) {
  void* event = nullptr;
  if (napi_get_value_external(e.env, value, &event) != napi_ok) throw TypeError{"expected an event", "event"};
  return *static_cast<c10::Event*>(event);
}

at::DeviceAllocator& AllocatorOfCuda() { return *at::getDeviceAllocator(kCuda); }

class StatsObject {
 public:
  StatsObject(napi_env env, napi_value object) : env_(env), object_(object) {}

  void Set(const std::string& name, double value) {
    if (napi_set_named_property(env_, object_, name.c_str(), Number(env_, value)) != napi_ok) complete_ = false;
  }

  void Set(const std::string& name, const c10::CachingAllocator::Stat& stat) {
    Set(name + ".current", static_cast<double>(stat.current));
    Set(name + ".peak", static_cast<double>(stat.peak));
    Set(name + ".allocated", static_cast<double>(stat.allocated));
    Set(name + ".freed", static_cast<double>(stat.freed));
  }

  void Set(const std::string& name, const c10::CachingAllocator::StatArray& stats) {
    static constexpr std::array<const char*, 3> kPools{".all", ".small_pool", ".large_pool"};
    for (size_t i = 0; i < kPools.size(); ++i) Set(name + kPools[i], stats[i]);
  }

  napi_value value() const { return complete_ ? object_ : nullptr; }

 private:
  napi_env env_;
  napi_value object_;
  bool complete_ = true;
};

}  // namespace

void InitializeCuda() {
#ifdef NODE_TORCH_CUDA
  c10::cuda::device_count_ensure_non_zero();
#endif
  at::globalContext().lazyInitDevice(kCuda);
}

napi_value CudaDeviceCount(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) {
    return Number(e.env, at::hasCUDA() ? at::detail::getCUDAHooks().deviceCount() : 0);
  });
}

napi_value CudaInit(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment&, CallInfo<0>&) -> napi_value {
    InitializeCuda();
    return nullptr;
  });
}

napi_value CudaCurrentDevice(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) { return Number(e.env, Cuda().getDevice().index()); });
}

napi_value CudaSetDevice(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    Cuda().setDevice(DeviceOf(e, call.args[0]));
    return nullptr;
  });
}

napi_value CudaSynchronize(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    Cuda().synchronizeDevice(IndexOf(e, call.args[0]));
    return nullptr;
  });
}

napi_value CudaMemoryInfo(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    const auto [free, total] = AllocatorOfCuda().getMemoryInfo(IndexOf(e, call.args[0]));
    napi_value pair = nullptr;
    NODE_TORCH_TRY(napi_create_array_with_length(e.env, 2, &pair));
    NODE_TORCH_TRY(napi_set_element(e.env, pair, 0, Number(e.env, static_cast<double>(free))));
    NODE_TORCH_TRY(napi_set_element(e.env, pair, 1, Number(e.env, static_cast<double>(total))));
    return pair;
  });
}

napi_value CudaMemoryStats(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    const auto stats = AllocatorOfCuda().getDeviceStats(IndexOf(e, call.args[0]));
    napi_value object = nullptr;
    NODE_TORCH_TRY(napi_create_object(e.env, &object));
    StatsObject result(e.env, object);
    result.Set("active", stats.active);
    result.Set("active_bytes", stats.active_bytes);
    result.Set("allocated_bytes", stats.allocated_bytes);
    result.Set("allocation", stats.allocation);
    result.Set("inactive_split", stats.inactive_split);
    result.Set("inactive_split_bytes", stats.inactive_split_bytes);
    result.Set("max_split_size", static_cast<double>(stats.max_split_size));
    result.Set("num_alloc_retries", static_cast<double>(stats.num_alloc_retries));
    result.Set("num_device_alloc", static_cast<double>(stats.num_device_alloc));
    result.Set("num_device_free", static_cast<double>(stats.num_device_free));
    result.Set("num_ooms", static_cast<double>(stats.num_ooms));
    result.Set("num_sync_all_streams", static_cast<double>(stats.num_sync_all_streams));
    result.Set("oversize_allocations", stats.oversize_allocations);
    result.Set("oversize_segments", stats.oversize_segments);
    result.Set("requested_bytes", stats.requested_bytes);
    result.Set("reserved_bytes", stats.reserved_bytes);
    result.Set("segment", stats.segment);
    return result.value();
  });
}

napi_value CudaResetStats(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    const c10::DeviceIndex device = IndexOf(e, call.args[0]);
    std::string which;
    if (!ReadString(e.env, call.args[1], &which)) return nullptr;
    if (which == "peak") {
      AllocatorOfCuda().resetPeakStats(device);
    } else {
      AllocatorOfCuda().resetAccumulatedStats(device);
    }
    return nullptr;
  });
}

napi_value CudaEmptyCache(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment&, CallInfo<0>&) -> napi_value {
    AllocatorOfCuda().emptyCache();
    return nullptr;
  });
}

napi_value CudaSeedAll(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    uint64_t seed = 0;
    bool lossless = false;
    if (napi_get_value_bigint_uint64(e.env, call.args[0], &seed, &lossless) != napi_ok) {
      throw TypeError{"expected a 64-bit seed", "seed"};
    }
    const c10::DeviceIndex only = IndexOf(e, call.args[1]);
    const c10::DeviceIndex count = Cuda().deviceCount();
    for (c10::DeviceIndex i = 0; i < count; ++i) {
      if (only >= 0 && only != i) continue;
      at::Generator generator = at::globalContext().defaultGenerator({kCuda, i});
      const std::lock_guard<std::mutex> lock(generator.mutex());
      generator.set_current_seed(seed);
    }
    return nullptr;
  });
}

napi_value CudaRngState(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    at::Generator generator = at::globalContext().defaultGenerator(DeviceOf(e, call.args[0]));
    const std::lock_guard<std::mutex> lock(generator.mutex());
    return NewHandle(e, generator.get_state());
  });
}

napi_value CudaSetRngState(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    const at::Tensor& state = TensorOf(e, call.args[0]);
    at::Generator generator = at::globalContext().defaultGenerator(DeviceOf(e, call.args[1]));
    const std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(state);
    return nullptr;
  });
}

napi_value CudaNewStream(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    int32_t priority = 0;
    NODE_TORCH_TRY(napi_get_value_int32(e.env, call.args[1], &priority));
    return StreamValue(e, Cuda().getNewStream(DeviceOf(e, call.args[0]), priority));
  });
}

napi_value CudaCurrentStream(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    return StreamValue(e, Cuda().getStream(DeviceOf(e, call.args[0])));
  });
}

napi_value CudaDefaultStream(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) {
    return StreamValue(e, Cuda().getDefaultStream(DeviceOf(e, call.args[0])));
  });
}

napi_value CudaSetStream(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    Cuda().exchangeStream(StreamOf(e, call.args[0], call.args[1]));
    return nullptr;
  });
}

napi_value CudaQueryStream(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) {
    return Bool(e.env, Cuda().queryStream(StreamOf(e, call.args[0], call.args[1])));
  });
}

napi_value CudaSynchronizeStream(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    Cuda().synchronizeStream(StreamOf(e, call.args[0], call.args[1]));
    return nullptr;
  });
}

napi_value CudaNewEvent(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    const bool timed = ToBool(e.env, call.args[0], "enableTiming");
    auto* event = new c10::Event(kCuda, timed ? c10::EventFlag::BACKEND_DEFAULT : c10::EventFlag::PYTORCH_DEFAULT);
    const auto finalize = [](node_api_basic_env, void* data, void*) { delete static_cast<c10::Event*>(data); };
    napi_value external = nullptr;
    if (napi_create_external(e.env, event, finalize, nullptr, &external) != napi_ok) delete event;
    return external;
  });
}

napi_value CudaRecordEvent(napi_env env, napi_callback_info info) {
  return Function<3>(env, info, [](Environment& e, CallInfo<3>& call) -> napi_value {
    EventOf(e, call.args[0]).record(StreamOf(e, call.args[1], call.args[2]));
    return nullptr;
  });
}

napi_value CudaWaitEvent(napi_env env, napi_callback_info info) {
  return Function<3>(env, info, [](Environment& e, CallInfo<3>& call) -> napi_value {
    EventOf(e, call.args[0]).block(StreamOf(e, call.args[1], call.args[2]));
    return nullptr;
  });
}

napi_value CudaQueryEvent(napi_env env, napi_callback_info info) {
  return Function<1>(env, info,
                     [](Environment& e, CallInfo<1>& call) { return Bool(e.env, EventOf(e, call.args[0]).query()); });
}

napi_value CudaSynchronizeEvent(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    EventOf(e, call.args[0]).synchronize();
    return nullptr;
  });
}

napi_value CudaElapsedTime(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) {
    return Number(e.env, EventOf(e, call.args[0]).elapsedTime(EventOf(e, call.args[1])));
  });
}

napi_value RecordStream(napi_env env, napi_callback_info info) {
  return Function<3>(env, info, [](Environment& e, CallInfo<3>& call) -> napi_value {
    TensorOf(e, call.args[0]).record_stream(StreamOf(e, call.args[1], call.args[2]));
    return nullptr;
  });
}

}  // namespace node_torch
