import { DType, uint8 } from '../dtype.js';
import { Parameter } from '../nn/parameter.js';
import { aten } from '../operators/ops.js';
import { asStridedOver } from '../storage.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { BadTensorError } from './errors.js';
import { isNotedFloat } from './float-entries.js';
import { Storage } from './storage.js';

// The functions of torch/_utils.py that checkpoints name. Hooks, the sixth argument, are always empty in files.

/** storage, offset, size, stride, requires_grad, hooks[, metadata]: the dtype is the storage's. */
export function rebuildTensorV2(...args: unknown[]): Tensor {
  const [storage, offset, size, stride, requiresGrad, , metadata] = args;
  const dtype = storage instanceof Storage ? (storage.dtype ?? uint8) : null;
  return rebuild(storage, dtype, offset, size, stride, requiresGrad, metadata);
}

/** storage, offset, size, stride, requires_grad, hooks, dtype[, metadata]: the storage is bytes. */
export function rebuildTensorV3(...args: unknown[]): Tensor {
  const [storage, offset, size, stride, requiresGrad, , dtype, metadata] = args;
  return rebuild(storage, dtype, offset, size, stride, requiresGrad, metadata);
}

/** data, requires_grad, hooks. */
export function rebuildParameter(...[data, requiresGrad]: unknown[]): Parameter {
  if (!isTensor(data) || typeof requiresGrad !== 'boolean')
    throw new BadTensorError('a Parameter is not a tensor');
  return new Parameter(data, requiresGrad);
}

function rebuild(
  storage: unknown,
  dtype: unknown,
  offset: unknown,
  size: unknown,
  stride: unknown,
  requiresGrad: unknown,
  metadata: unknown,
): Tensor {
  const place = checkPlace(storage, dtype, offset, size, stride);
  const dense = asStridedOver(place.storage.bytes, place.dtype, place.size, place.stride, place.offset);
  const tensor = lazily(dense, metadata);
  return requiresGrad === true ? tensor.requiresGrad_() : tensor;
}

/** Where a tensor lies. */
export interface Place {
  readonly storage: Storage;
  readonly dtype: DType;
  readonly size: number[];
  readonly stride: number[];
  /** In elements. */
  readonly offset: number;
}

/** @throws BadTensorError when the values are no place, or it reaches past the storage */
export function checkPlace(...[storage, dtype, offset, size, stride]: unknown[]): Place {
  if (!(storage instanceof Storage) || !(dtype instanceof DType)) {
    throw new BadTensorError('a tensor has no storage or no dtype');
  }
  if (!isCount(offset) || !isCounts(size) || !isCounts(stride) || size.length !== stride.length) {
    throw new BadTensorError(`a tensor over storage ${storage.key} has no proper offset, size or stride`);
  }
  storage.use();
  storage.orderFor(dtype);
  const capacity = Math.floor(storage.nbytes / dtype.itemsize);
  if (reach(offset, size, stride) > capacity) {
    throw new BadTensorError(
      `a tensor of size [${size.join(', ')}], stride [${stride.join(', ')}] and offset ${offset} reaches past the ` +
        `${capacity} elements of its storage ${storage.key}`,
    );
  }
  return { storage, dtype, size: [...size], stride: [...stride], offset };
}

// How many elements of the storage the tensor needs. Sizes come from a file: what does not fit a number is rounded, and
// then far beyond every capacity.
function reach(offset: number, size: readonly number[], stride: readonly number[]): number {
  if (size.includes(0)) return 0;
  return size.reduce((last, n, i) => last + (n - 1) * (stride[i] ?? 0), offset) + 1;
}

function lazily(tensor: Tensor, metadata: unknown): Tensor {
  if (!(metadata instanceof Map)) return tensor;
  const negated = metadata.get('neg') === true ? aten._negView(tensor) : tensor;
  return metadata.get('conj') === true ? aten._conj(negated) : negated;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Sizes as a file has to have them: a tuple of integers from 0 on. */
export function isCounts(value: unknown): value is Tuple<number> {
  return (
    value instanceof Tuple && value.every((count, i) => isCount(count) && !isNotedFloat(value, i, count))
  );
}
