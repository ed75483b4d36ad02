// Bytes in and out of tensors, and storages as checkpoints see them.
#pragma once

#include <ATen/core/Tensor.h>

#include "node-api.h"

namespace node_torch {

// Copies bytes of a tensor's storage, on any device, range-checked.
void ReadStorageInto(const at::Tensor& tensor, int64_t offset, uint8_t* target, size_t bytes);

// copyIn(typedArray, dtype, sizes): a new CPU tensor with the array's bytes.
napi_value CopyIn(napi_env env, napi_callback_info info);

// borrow(typedArray, dtype): a 1-d tensor over the array's memory, or null where it is not 64-byte aligned.
napi_value Borrow(napi_env env, napi_callback_info info);

// bytes(handle): an ArrayBuffer over the memory of a contiguous CPU tensor; it keeps the storage alive.
napi_value TensorBytes(napi_env env, napi_callback_info info);

// bytesAsync(handle): a promise of an ArrayBuffer with a copy of the elements in row-major order, from any device.
napi_value TensorBytesAsync(napi_env env, napi_callback_info info);

// storageId(handle): a BigInt, equal for tensors that share a storage.
napi_value StorageId(napi_env env, napi_callback_info info);

// storageNbytes(handle): the size of the whole storage, on any device.
napi_value StorageNbytes(napi_env env, napi_callback_info info);

// readStorage(handle, offset, typedArray): copies bytes of the storage, on any device, into the array.
napi_value ReadStorage(napi_env env, napi_callback_info info);

// writeStorage(handle, offset, typedArray): the other way.
napi_value WriteStorage(napi_env env, napi_callback_info info);

// overStorage(handle, dtype, sizes, strides, offset): a tensor over that tensor's storage, range-checked.
napi_value OverStorage(napi_env env, napi_callback_info info);

// sliceStorage(handle, offset, nbytes): a 1-d uint8 tensor over a storage of its own that shares that part's memory.
napi_value SliceStorage(napi_env env, napi_callback_info info);

}  // namespace node_torch
