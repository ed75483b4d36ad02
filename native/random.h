// Generators. Index 0 is the process-wide default CPU generator; the others belong to their environment.
#pragma once

#include "node-api.h"

namespace node_torch {

// newGenerator(device): { index, anchor }; the anchor's finalizer frees it.
napi_value NewGenerator(napi_env env, napi_callback_info info);

// seedGenerator(index, bigint); seedAll(bigint) seeds the default generator of every device.
napi_value SeedGenerator(napi_env env, napi_callback_info info);
napi_value SeedAll(napi_env env, napi_callback_info info);

// Non-deterministic seed; answers with it.
napi_value ReseedGenerator(napi_env env, napi_callback_info info);
napi_value InitialSeed(napi_env env, napi_callback_info info);

// The state as a uint8 tensor, the same bytes as torch.Generator.get_state().
napi_value GetGeneratorState(napi_env env, napi_callback_info info);
napi_value SetGeneratorState(napi_env env, napi_callback_info info);

}  // namespace node_torch
