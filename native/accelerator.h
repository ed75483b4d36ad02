// CUDA through libtorch's device-neutral interfaces: no CUDA header, and one source for builds with and without it.
#pragma once

#include "node-api.h"

namespace node_torch {

// Throws what Python's first use of CUDA throws on a machine without a driver.
void InitializeCuda();

napi_value CudaDeviceCount(napi_env env, napi_callback_info info);

napi_value CudaInit(napi_env env, napi_callback_info info);
napi_value CudaCurrentDevice(napi_env env, napi_callback_info info);
napi_value CudaSetDevice(napi_env env, napi_callback_info info);
napi_value CudaSynchronize(napi_env env, napi_callback_info info);

// cudaMemoryInfo(device): [free, total] bytes.
napi_value CudaMemoryInfo(napi_env env, napi_callback_info info);
// cudaMemoryStats(device): the numbers under the flat names of torch.cuda.memory_stats.
napi_value CudaMemoryStats(napi_env env, napi_callback_info info);
// cudaResetStats(device, "peak" | "accumulated")
napi_value CudaResetStats(napi_env env, napi_callback_info info);
napi_value CudaEmptyCache(napi_env env, napi_callback_info info);

// cudaSeedAll(seed, device): of one device, or of all with -1.
napi_value CudaSeedAll(napi_env env, napi_callback_info info);

napi_value CudaRngState(napi_env env, napi_callback_info info);
napi_value CudaSetRngState(napi_env env, napi_callback_info info);

// A stream is [id, device]. cudaNewStream(device, priority)
napi_value CudaNewStream(napi_env env, napi_callback_info info);
napi_value CudaCurrentStream(napi_env env, napi_callback_info info);
napi_value CudaDefaultStream(napi_env env, napi_callback_info info);
napi_value CudaSetStream(napi_env env, napi_callback_info info);
napi_value CudaQueryStream(napi_env env, napi_callback_info info);
napi_value CudaSynchronizeStream(napi_env env, napi_callback_info info);

// cudaNewEvent(timed); recordEvent and waitEvent take (event, id, device).
napi_value CudaNewEvent(napi_env env, napi_callback_info info);
napi_value CudaRecordEvent(napi_env env, napi_callback_info info);
napi_value CudaWaitEvent(napi_env env, napi_callback_info info);
napi_value CudaQueryEvent(napi_env env, napi_callback_info info);
napi_value CudaSynchronizeEvent(napi_env env, napi_callback_info info);
// cudaElapsedTime(start, end): milliseconds.
napi_value CudaElapsedTime(napi_env env, napi_callback_info info);

// recordStream(tensor, id, device): the tensor's memory is in use on that stream.
napi_value RecordStream(napi_env env, napi_callback_info info);

}  // namespace node_torch
