// Values of TorchScript to JavaScript and back. What JavaScript has no type for is an array that begins with its tag.
#pragma once

#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>

#include "environment.h"

namespace node_torch {

enum class ScriptTag : int32_t {
  kTensor,   // handle
  kList,     // items
  kTuple,    // items
  kDict,     // keys and values in turn
  kFloat,    // number, also where it is integral
  kDevice,   // text
  kComplex,  // re, im
};

// A value for a parameter of that type. Throws TypeError for what cannot be one.
c10::IValue ToScript(Environment& environment, napi_value value, const c10::TypePtr& type);

// Throws TypeError for objects of classes.
napi_value FromScript(Environment& environment, const c10::IValue& value);

}  // namespace node_torch
