#include "profiler.h"

#include <ATen/record_function.h>
#include <torch/csrc/autograd/profiler_kineto.h>

#include "allocator.h"
#include "function.h"

namespace node_torch {

namespace {

namespace kineto = torch::autograd::profiler;
using torch::profiler::impl::ActivityType;

thread_local std::vector<std::unique_ptr<at::RecordFunction>> labels;

// Owned by an External.
using Trace = std::unique_ptr<kineto::ProfilerResult>;

class Row {
 public:
  Row(napi_env env, napi_value array) : env_(env), array_(array) {}
  void Add(napi_value value) {
    if (!value || napi_set_element(env_, array_, count_++, value) != napi_ok) complete_ = false;
  }
  void Add(double value) { Add(Number(env_, value)); }
  void Add(const std::string& value) { Add(Text(env_, value)); }
  napi_value value() const { return complete_ ? array_ : nullptr; }

 private:
  napi_env env_;
  napi_value array_;
  uint32_t count_ = 0;
  bool complete_ = true;
};

template <typename List, typename Add>
napi_value ArrayOf(napi_env env, const List& list, Add&& add) {
  napi_value array = nullptr;
  NODE_TORCH_TRY(napi_create_array_with_length(env, list.size(), &array));
  Row row(env, array);
  for (const auto& element : list) add(row, element);
  return row.value();
}

napi_value EventRow(napi_env env, const kineto::KinetoEvent& event, uint64_t start) {
  napi_value array = nullptr;
  NODE_TORCH_TRY(napi_create_array(env, &array));
  Row row(env, array);
  row.Add(event.name());
  // From the start of the trace: nanoseconds since 1970 do not fit a double.
  row.Add(static_cast<double>(static_cast<int64_t>(event.startNs() - start)));
  row.Add(static_cast<double>(static_cast<int64_t>(event.endNs() - start)));
  row.Add(static_cast<double>(event.startThreadId()));
  row.Add(static_cast<double>(event.fwdThreadId()));
  row.Add(static_cast<double>(event.sequenceNr()));
  row.Add(event.scope());
  row.Add(c10::DeviceTypeName(event.deviceType(), true));
  row.Add(event.deviceIndex());
  row.Add(static_cast<double>(event.correlationId()));
  row.Add(static_cast<double>(event.linkedCorrelationId()));
  row.Add(static_cast<double>(event.nBytes()));
  row.Add(static_cast<double>(event.flops()));
  row.Add(Bool(env, event.isAsync()));
  row.Add(Bool(env, event.isHiddenEvent()));
  row.Add(ArrayOf(env, event.shapes(), [&](Row& shapes, const std::vector<int64_t>& shape) {
    shapes.Add(ArrayOf(env, shape, [](Row& sizes, int64_t size) { sizes.Add(static_cast<double>(size)); }));
  }));
  return row.value();
}

}  // namespace

napi_value StartProfiler(napi_env env, napi_callback_info info) {
  return Function<5>(env, info, [](Environment& e, CallInfo<5>& call) -> napi_value {
    std::set<ActivityType> activities;
    if (ToBool(e.env, call.args[0], "cpu")) activities.insert(ActivityType::CPU);
    if (ToBool(e.env, call.args[1], "cuda")) activities.insert(ActivityType::CUDA);
    const bool memory = ToBool(e.env, call.args[3], "profileMemory");
    const torch::profiler::impl::ProfilerConfig config(torch::profiler::impl::ProfilerState::KINETO,
                                                       ToBool(e.env, call.args[2], "recordShapes"), memory,
                                                       /*with_stack=*/false, ToBool(e.env, call.args[4], "withFlops"));
    TORCH_CHECK(!torch::profiler::impl::profilerEnabled(), "Profiler is already enabled on this thread");
    kineto::prepareProfiler(config, activities);
    kineto::enableProfiler(config, activities);
    if (memory) CpuAllocator::AddProfiler(1);
    return nullptr;
  });
}

napi_value StopProfiler(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) -> napi_value {
    TORCH_CHECK(torch::profiler::impl::profilerEnabled(), "Can't disable Kineto profiler when it's not running");
    if (torch::profiler::impl::getProfilerConfig().profile_memory) CpuAllocator::AddProfiler(-1);
    auto trace = std::make_unique<Trace>(kineto::disableProfiler());
    const uint64_t start = (*trace)->trace_start_ns();
    napi_value events = ArrayOf(e.env, (*trace)->events(), [&](Row& row, const kineto::KinetoEvent& event) {
      row.Add(EventRow(e.env, event, start));
    });
    const auto finalize = [](node_api_basic_env, void* data, void*) { delete static_cast<Trace*>(data); };
    napi_value result = nullptr, external = nullptr;
    NODE_TORCH_TRY(napi_create_external(e.env, trace.get(), finalize, nullptr, &external));
    trace.release();
    NODE_TORCH_TRY(napi_create_object(e.env, &result));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "trace", external));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "events", events));
    return result;
  });
}

napi_value SaveTrace(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    void* trace = nullptr;
    std::string path;
    if (napi_get_value_external(e.env, call.args[0], &trace) != napi_ok) throw TypeError{"expected a trace", "trace"};
    if (!ReadString(e.env, call.args[1], &path)) throw TypeError{"path must be a string", "path"};
    (*static_cast<Trace*>(trace))->save(path);
    return nullptr;
  });
}

napi_value EnterLabel(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    std::string name;
    if (!ReadString(e.env, call.args[0], &name)) throw TypeError{"name must be a string", "name"};
    labels.push_back(std::make_unique<at::RecordFunction>(at::RecordScope::USER_SCOPE));
    if (labels.back()->isActive()) labels.back()->before(name);
    return nullptr;
  });
}

napi_value LeaveLabel(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment&, CallInfo<0>&) -> napi_value {
    if (labels.empty()) throw TypeError{"no label is open", ""};
    labels.pop_back();
    return nullptr;
  });
}

}  // namespace node_torch
