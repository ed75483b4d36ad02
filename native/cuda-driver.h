// What a CUDA device says of itself, from the driver: libtorch hands it out only in CUDA's own structures.
#pragma once

#include "node-api.h"

namespace node_torch {

// cudaProperties(device): { name, totalMemory, major, minor, ... }; throws where there is no driver.
napi_value CudaProperties(napi_env env, napi_callback_info info);

}  // namespace node_torch
