// Storages as checkpoints see them: one block of bytes under any number of tensors.

import type { DType } from './dtype.js';
import { uint8 } from './dtype.js';
import { type Mapping, native } from './native.js';
import { aten } from './operators/ops.js';
import { requireHandle, type Tensor, wrap } from './tensor.js';

/** Equal for tensors that share a storage; valid as long as one of them lives. */
export function storageId(tensor: Tensor): bigint {
  return native.storageId(requireHandle(tensor, 'tensor'));
}

/** The size of the whole storage, on any device. */
export function storageNbytes(tensor: Tensor): number {
  return native.storageNbytes(requireHandle(tensor, 'tensor'));
}

/** Copies bytes of the storage, on any device, from `offset` on, until `target` is full. */
export function readStorage(tensor: Tensor, offset: number, target: Uint8Array): void {
  native.readStorage(requireHandle(tensor, 'tensor'), offset, target);
}

/** Copies all of `source` into the storage, on any device, from `offset` on. */
export function writeStorage(tensor: Tensor, offset: number, source: Uint8Array): void {
  native.writeStorage(requireHandle(tensor, 'tensor'), offset, source);
}

/** A one-dimensional uint8 tensor over a storage of its own, 64-byte aligned. */
export function emptyStorage(nbytes: number): Tensor {
  return aten.empty([nbytes], { dtype: uint8 });
}

/**
 * A tensor of another dtype and geometry over the same storage; offset and strides count elements of `dtype`.
 * Throws TorchError when the geometry reaches beyond the storage.
 */
export function asStridedOver(
  storage: Tensor,
  dtype: DType,
  size: readonly number[],
  stride: readonly number[],
  offset: number,
): Tensor {
  return wrap(native.overStorage(requireHandle(storage, 'storage'), dtype.code, size, stride, offset));
}

/** A uint8 tensor over a storage of its own that shares the memory of a part of another. */
export function sliceStorage(storage: Tensor, offset: number, nbytes: number): Tensor {
  return wrap(native.sliceStorage(requireHandle(storage, 'storage'), offset, nbytes));
}

export type { Mapping };

/** Maps a whole open file, privately; null where that is not possible. */
export function mapFile(file: number): Mapping | null {
  return native.mapFile(file);
}

/** Lets go of a mapping; storages over it keep it. */
export function releaseMapping(mapping: Mapping): void {
  native.releaseMapping(mapping);
}

/** A uint8 tensor over a part of the file, or null where that is not 64-byte aligned. */
export function mappedStorage(mapping: Mapping, offset: number, nbytes: number): Tensor | null {
  const handle = native.mappedStorage(mapping, offset, nbytes);
  return handle === null ? null : wrap(handle);
}
