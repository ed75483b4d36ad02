// Files: mapped into memory as storages, and on their way to the disk.
#pragma once

#include "node-api.h"

namespace node_torch {

// mapFile(fd): an External that holds a private mapping of the whole file, or null where it cannot be mapped.
napi_value MapFile(napi_env env, napi_callback_info info);

// releaseMapping(mapping): lets go of it now; storages over it keep it alive.
napi_value ReleaseMapping(napi_env env, napi_callback_info info);

// mappedStorage(mapping, offset, nbytes): a 1-d uint8 tensor over that part, or null where it is not 64-byte aligned.
napi_value MappedStorage(napi_env env, napi_callback_info info);

// startWriteback(fd, offset, nbytes): lets the kernel begin to write that part to the disk, without waiting for it.
napi_value StartWriteback(napi_env env, napi_callback_info info);

}  // namespace node_torch
