// Files, mapped into memory as storages.
#pragma once

#include "node-api.h"

namespace node_torch {

// mapFile(fd): an External that holds a private mapping of the whole file, or null where it cannot be mapped.
napi_value MapFile(napi_env env, napi_callback_info info);

// releaseMapping(mapping): lets go of it now; storages over it keep it alive.
napi_value ReleaseMapping(napi_env env, napi_callback_info info);

// mappedStorage(mapping, offset, nbytes): a 1-d uint8 tensor over that part, or null where it is not 64-byte aligned.
napi_value MappedStorage(napi_env env, napi_callback_info info);

}  // namespace node_torch
