// Files that are written on a thread of their own: the disk works while the next part is made.
#pragma once

#include "node-api.h"

namespace node_torch {

// openWriter(fd): an External that writes to an open file, from where it stands.
napi_value OpenWriter(napi_env env, napi_callback_info info);

// writeBytes(writer, typedArray): copies the bytes; they reach the file in this order.
napi_value WriteBytes(napi_env env, napi_callback_info info);

// writeStorageBytes(writer, handle, offset, nbytes, crc) -> the checksum, continued by those bytes of the storage.
napi_value WriteStorageBytes(napi_env env, napi_callback_info info);

// finishWriting(writer) -> 0, or the errno of the first write that failed; nothing was written after it.
napi_value FinishWriting(napi_env env, napi_callback_info info);

}  // namespace node_torch
