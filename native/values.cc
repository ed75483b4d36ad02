#include "values.h"

#include "errors.h"
#include "handles.h"

namespace node_torch {

bool ReadString(napi_env env, napi_value value, std::string* text) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return false;
  text->resize(length);
  return napi_get_value_string_utf8(env, value, text->data(), length + 1, &length) == napi_ok;
}

bool ToBool(napi_env env, napi_value value, const char* name) {
  bool flag = false;
  if (napi_get_value_bool(env, value, &flag) != napi_ok) throw TypeError{std::string(name) + " must be a boolean"};
  return flag;
}

bool ReadHandleNumbers(napi_env env, napi_value array, std::vector<Handle>* handles) {
  uint32_t count = 0;
  if (napi_get_array_length(env, array, &count) != napi_ok) return false;
  for (uint32_t i = 0; i < count; ++i) {
    napi_value element = nullptr;
    double handle = 0;
    if (napi_get_element(env, array, i, &element) != napi_ok ||
        napi_get_value_double(env, element, &handle) != napi_ok) {
      return false;
    }
    handles->push_back(static_cast<Handle>(handle));
  }
  return true;
}

bool ReadHandles(Environment& environment, napi_value array, std::vector<at::Tensor>* tensors) {
  std::vector<Handle> handles;
  if (!ReadHandleNumbers(environment.env, array, &handles)) return false;
  for (const Handle handle : handles) {
    tensors->push_back(handle == 0 ? at::Tensor() : TensorOf(environment, static_cast<double>(handle)));
  }
  return true;
}

napi_value NewHandles(Environment& environment, const std::vector<at::Tensor>& tensors) {
  napi_env env = environment.env;
  napi_value handles = nullptr;
  NODE_TORCH_TRY(napi_create_array_with_length(env, tensors.size(), &handles));
  for (size_t i = 0; i < tensors.size(); ++i) {
    napi_value handle = tensors[i].defined() ? NewHandle(environment, tensors[i]) : Number(env, 0);
    if (!handle) return nullptr;
    NODE_TORCH_TRY(napi_set_element(env, handles, static_cast<uint32_t>(i), handle));
  }
  return handles;
}

napi_value Number(napi_env env, double value) {
  napi_value number = nullptr;
  NODE_TORCH_TRY(napi_create_double(env, value, &number));
  return number;
}

napi_value Bool(napi_env env, bool value) {
  napi_value flag = nullptr;
  NODE_TORCH_TRY(napi_get_boolean(env, value, &flag));
  return flag;
}

napi_value Text(napi_env env, const std::string& text) {
  napi_value string = nullptr;
  NODE_TORCH_TRY(napi_create_string_utf8(env, text.data(), text.size(), &string));
  return string;
}

}  // namespace node_torch
