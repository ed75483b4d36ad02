#include "memory.h"

#include <algorithm>

#include "allocation-count.h"
#include "allocator.h"
#include "function.h"

namespace node_torch {

namespace {

// Frees what the innermost scope still owns.
void EndScope(Environment& environment) {
  const Scope closing = environment.scopes.back();
  environment.scopes.pop_back();
  // Newest first: the next scope's tensors, made in the same order, find their blocks in the order they left them.
  while (environment.scoped.size() > closing.begin) {
    const Handle handle = environment.scoped.back();
    environment.scoped.pop_back();
    const uint32_t* scope = environment.slots.FindScope(handle);
    if (scope && *scope == closing.id) environment.slots.Free(handle);
  }
}

napi_value AnchorAll(Environment& environment, const std::vector<Handle>& handles) {
  napi_value anchors = nullptr;
  NODE_TORCH_TRY(napi_create_array_with_length(environment.env, handles.size(), &anchors));
  for (size_t i = 0; i < handles.size(); ++i) {
    napi_value anchor = environment.Anchor(handles[i]);
    if (!anchor) return nullptr;
    NODE_TORCH_TRY(napi_set_element(environment.env, anchors, static_cast<uint32_t>(i), anchor));
  }
  return anchors;
}

// Ends the innermost scope, which must be this one; what it keeps is the call's second argument.
napi_value Close(Environment& e, uint32_t id, const CallInfo<2>& call) {
  if (e.current_scope() != id) {
    throw TypeError{
        "this scope is not the innermost open one: scopes end in the reverse order of their beginning, "
        "within one synchronous stretch of code"};
  }
  std::vector<Handle> kept, moved;
  if (call.count > 1 && !ReadHandleNumbers(e.env, call.args[1], &kept)) return nullptr;
  const uint32_t outer = e.scopes.size() > 1 ? e.scopes[e.scopes.size() - 2].id : 0;
  for (const Handle handle : kept) {
    uint32_t* scope = e.slots.FindScope(handle);
    if (!scope || *scope != id) continue;
    *scope = outer;
    moved.push_back(handle);
  }
  EndScope(e);
  if (outer != 0) e.scoped.insert(e.scoped.end(), moved.begin(), moved.end());
  e.ReportMemory();
  return outer == 0 && !moved.empty() ? AnchorAll(e, moved) : nullptr;
}

}  // namespace

napi_value OpenScope(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) {
    e.scopes.push_back({++e.last_scope, e.scoped.size()});
    return Number(e.env, e.last_scope);
  });
}

napi_value CloseScope(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    uint32_t id = 0;
    NODE_TORCH_TRY(napi_get_value_uint32(e.env, call.args[0], &id));
    return Close(e, id, call);
  });
}

napi_value UnwindScope(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    uint32_t id = 0;
    NODE_TORCH_TRY(napi_get_value_uint32(e.env, call.args[0], &id));
    const bool open = std::any_of(e.scopes.begin(), e.scopes.end(), [&](const Scope& scope) { return scope.id == id; });
    while (open && e.current_scope() != id) EndScope(e);
    return Close(e, id, call);
  });
}

napi_value AnchorTensor(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    double number = 0;
    NODE_TORCH_TRY(napi_get_value_double(e.env, call.args[0], &number));
    TensorOf(e, number);
    const auto handle = static_cast<Handle>(number);
    *e.slots.FindScope(handle) = 0;
    e.TellCollector();
    return e.Anchor(handle);
  });
}

napi_value TensorScope(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    double number = 0;
    NODE_TORCH_TRY(napi_get_value_double(e.env, call.args[0], &number));
    const uint32_t* scope = number > 0 ? e.slots.FindScope(static_cast<Handle>(number)) : nullptr;
    return Number(e.env, scope ? *scope : 0);
  });
}

napi_value LiveTensors(napi_env env, napi_callback_info info) {
  return Function<0>(env, info,
                     [](Environment& e, CallInfo<0>&) { return Number(e.env, static_cast<double>(e.slots.live())); });
}

napi_value MemoryStats(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment& e, CallInfo<0>&) -> napi_value {
    const AllocationTotals totals = AllocationCount::Totals();
    const CacheStats cache = CpuAllocator::Cache();
    napi_value result = nullptr;
    NODE_TORCH_TRY(napi_create_object(e.env, &result));
    const std::pair<const char*, int64_t> fields[] = {{"liveBytes", totals.live_bytes},
                                                      {"peakBytes", totals.peak_bytes},
                                                      {"cachedBytes", cache.cached_bytes},
                                                      {"cacheLimit", cache.cache_limit},
                                                      {"allocations", totals.allocations}};
    for (const auto& [name, value] : fields) {
      NODE_TORCH_TRY(napi_set_named_property(e.env, result, name, Number(e.env, static_cast<double>(value))));
    }
    return result;
  });
}

napi_value ResetPeakMemory(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment&, CallInfo<0>&) -> napi_value {
    AllocationCount::ResetPeak();
    return nullptr;
  });
}

napi_value EmptyCache(napi_env env, napi_callback_info info) {
  return Function<0>(env, info, [](Environment&, CallInfo<0>&) -> napi_value {
    CpuAllocator::EmptyCache();
    return nullptr;
  });
}

}  // namespace node_torch
