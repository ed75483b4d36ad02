#include "handles.h"

#include "errors.h"

namespace node_torch {

void ThrowStale() {
  throw TypeError{
      "this tensor was disposed, or freed at the end of the scope that made it; return it from the scope or "
      "call keep() on it to use it later"};
}

at::Tensor& TensorOf(Environment& environment, napi_value handle) {
  double number = 0;
  if (napi_get_value_double(environment.env, handle, &number) != napi_ok) {
    throw TypeError{"expected a Tensor"};
  }
  return TensorOf(environment, number);
}

napi_value NewHandle(Environment& environment, at::Tensor tensor) {
  napi_value handle = nullptr;
  const Handle slot = environment.Own(std::move(tensor));
  NODE_TORCH_TRY(napi_create_double(environment.env, static_cast<double>(slot), &handle));
  return handle;
}

}  // namespace node_torch
