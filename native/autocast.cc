#include "autocast.h"

#include <ATen/autocast_mode.h>

#include "function.h"

namespace node_torch {

namespace {

c10::DeviceType DeviceTypeOf(Environment& environment, napi_value value) {
  std::string name;
  if (!ReadString(environment.env, value, &name)) throw TypeError{"deviceType must be a string"};
  // Knows more than types, `cuda:1` say: the type is what counts.
  const c10::DeviceType type = c10::Device(name).type();
  TORCH_CHECK(at::autocast::is_autocast_available(type), "User specified an unsupported autocast device_type '", name,
              "'");
  return type;
}

void Set(Environment& environment, const CallInfo<4>& call) {
  int32_t dtype = 0;
  if (napi_get_value_int32(environment.env, call.args[2], &dtype) != napi_ok) throw TypeError{"dtype must be a number"};
  const c10::DeviceType type = DeviceTypeOf(environment, call.args[0]);
  at::autocast::set_autocast_enabled(type, ToBool(environment.env, call.args[1], "enabled"));
  at::autocast::set_autocast_dtype(type, static_cast<at::ScalarType>(dtype));
  at::autocast::set_autocast_cache_enabled(ToBool(environment.env, call.args[3], "cacheEnabled"));
}

}  // namespace

napi_value AutocastState(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    const c10::DeviceType type = DeviceTypeOf(e, call.args[0]);
    const napi_value parts[] = {Bool(e.env, at::autocast::is_autocast_enabled(type)),
                                Number(e.env, static_cast<double>(at::autocast::get_autocast_dtype(type))),
                                Bool(e.env, at::autocast::is_autocast_cache_enabled())};
    napi_value state = nullptr;
    NODE_TORCH_TRY(napi_create_array_with_length(e.env, std::size(parts), &state));
    for (uint32_t i = 0; i < std::size(parts); i++) NODE_TORCH_TRY(napi_set_element(e.env, state, i, parts[i]));
    return state;
  });
}

napi_value EnterAutocast(napi_env env, napi_callback_info info) {
  return Function<4>(env, info, [](Environment& e, CallInfo<4>& call) -> napi_value {
    Set(e, call);
    at::autocast::increment_nesting();
    return nullptr;
  });
}

napi_value LeaveAutocast(napi_env env, napi_callback_info info) {
  return Function<4>(env, info, [](Environment& e, CallInfo<4>& call) -> napi_value {
    if (at::autocast::decrement_nesting() == 0) {
      at::autocast::clear_cache();
      e.ReportMemory();
    }
    Set(e, call);
    return nullptr;
  });
}

}  // namespace node_torch
