#include "view.h"

namespace node_torch {

bool ReadView(napi_env env, napi_value value, View* view) {
  bool is_typed = false;
  if (napi_is_typedarray(env, value, &is_typed) != napi_ok || !is_typed) return false;
  napi_typedarray_type type;
  size_t length = 0, offset = 0;
  if (napi_get_typedarray_info(env, value, &type, &length, &view->data, &view->buffer, &offset) != napi_ok)
    return false;
  static constexpr size_t kBytes[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 2};
  view->bytes = length * kBytes[type];
  return true;
}

}  // namespace node_torch
