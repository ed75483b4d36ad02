import { Complex } from './complex.js';
import { chosenDevice } from './default-device.js';
import type { DeviceLike } from './device.js';
import {
  bool,
  complex64,
  complex128,
  type DType,
  float32,
  float64,
  getDefaultDtype,
  int64,
} from './dtype.js';
import { TorchError, ValueError } from './errors.js';
import { native } from './native.js';
import { aten } from './operators/ops.js';
import { type Names, requireNames } from './options.js';
import { TorchFloat } from './scalar.js';
import { handleOf, isTensor, type Tensor, wrap } from './tensor.js';
import { dtypeOfArray, isTypedArray, type TypedArray } from './typed-arrays.js';

export type TensorData =
  | number
  | bigint
  | boolean
  | TorchFloat
  | Complex
  | TypedArray
  | Tensor
  | readonly TensorData[];

export interface TensorOptions {
  dtype?: DType | null;
  device?: DeviceLike | null;
  requiresGrad?: boolean;
  /** In page-locked memory, from where copies to a GPU need not wait; only with CUDA. */
  pinMemory?: boolean;
}

export const tensorNames: Names<TensorOptions> = {
  dtype: true,
  device: true,
  requiresGrad: true,
  pinMemory: true,
};

const mostDimensions = 128;

/** The shape of nested arrays; ragged ones are refused with PyTorch's text. */
function shapeOf(data: TensorData): number[] {
  const shape: number[] = [];
  for (let level: unknown = data; Array.isArray(level); level = level[0]) {
    // An array may hold itself.
    if (shape.push(level.length) > mostDimensions) throw new ValueError("too many dimensions 'list'");
  }
  return shape;
}

function flatten(data: unknown, shape: number[], dim: number, out: unknown[]): void {
  if (dim === shape.length) {
    if (Array.isArray(data)) throw new ValueError(`too many dimensions at dim ${dim}`);
    out.push(isTensor(data) ? data.item() : data);
    return;
  }
  const expected = shape[dim] as number;
  const got = Array.isArray(data) ? data.length : undefined;
  if (got !== expected) {
    throw new ValueError(
      got === undefined
        ? `expected a sequence of length ${expected} at dim ${dim} (got ${typeof data})`
        : `expected sequence of length ${expected} at dim ${dim} (got ${got})`,
    );
  }
  for (const element of data as unknown[]) flatten(element, shape, dim + 1, out);
}

/** Booleans alone are bool, BigInts (and booleans) int64, a complex number makes all complex, else floats. */
function inferred(values: unknown[]): DType {
  if (values.length === 0) return getDefaultDtype();
  if (values.some((value) => value instanceof Complex)) {
    return getDefaultDtype() === float64 ? complex128 : complex64;
  }
  if (values.every((value) => typeof value === 'boolean')) return bool;
  if (values.every((value) => typeof value === 'bigint' || typeof value === 'boolean')) return int64;
  return getDefaultDtype();
}

/** The values in the typed array that keeps them exactly, before libtorch casts. */
function packed(values: unknown[]): { array: TypedArray; dtype: DType } {
  if (values.some((value) => value instanceof Complex)) {
    const array = new Float64Array(values.length * 2);
    values.forEach((value, i) => {
      array[2 * i] = value instanceof Complex ? value.re : Number(value);
      array[2 * i + 1] = value instanceof Complex ? value.im : 0;
    });
    return { array, dtype: complex128 };
  }
  if (values.length > 0 && values.every((value) => typeof value === 'bigint')) {
    return { array: BigInt64Array.from(values as bigint[]), dtype: int64 };
  }
  values.forEach((value) => {
    if (!['number', 'bigint', 'boolean'].includes(typeof value) && !(value instanceof TorchFloat)) {
      throw new TypeError(
        `tensor() takes numbers, BigInts and booleans, not ${value === null ? 'null' : typeof value}`,
      );
    }
  });
  return { array: Float64Array.from(values, Number), dtype: float64 };
}

function copied(data: TensorData, wanted: DType | null | undefined): { made: Tensor; dtype: DType } {
  if (isTypedArray(data)) {
    const dtype = dtypeOfArray(data);
    return { made: wrap(native.copyIn(data, dtype.code, [data.length])), dtype };
  }
  if (isTensor(data)) return { made: data.detach().clone(), dtype: data.dtype };
  const shape = shapeOf(data);
  const values: unknown[] = [];
  flatten(data, shape, 0, values);
  const exact = packed(values);
  const dtype = wanted ?? inferred(values);
  // The commonest case needs no cast by libtorch: a double rounds to float32 here as in C.
  const rounded = exact.dtype === float64 && dtype === float32;
  const array = rounded ? Float32Array.from(exact.array as Float64Array) : exact.array;
  return { made: wrap(native.copyIn(array, (rounded ? float32 : exact.dtype).code, shape)), dtype };
}

/**
 * A new tensor with a copy of the data (torch.tensor). Numbers make the default dtype (float32), BigInts int64,
 * booleans bool; a typed array keeps its own. Throws ValueError for ragged arrays.
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  requireNames(tensor, options, tensorNames);
  const { made, dtype } = copied(data, options.dtype);
  return placed(made, options.dtype ?? dtype, options);
}

function placed(made: Tensor, dtype: DType, options: TensorOptions): Tensor {
  const { device, requiresGrad = false, pinMemory = false } = options;
  const there = made.to({ dtype, device: device ?? chosenDevice() ?? null });
  const moved = pinMemory ? aten.empty(there.shape, { dtype, pinMemory }).copy_(there) : there;
  if (moved !== made) made.dispose();
  native.setRequiresGrad(handleOf(moved), requiresGrad);
  return moved;
}

/**
 * A one-dimensional tensor that shares the array's memory where that is 64-byte aligned, else a copy: the bits of
 * matmul-like operators depend on alignment (torch.from_numpy). The memory must not be transferred or detached while
 * the tensor lives. `sharesMemory` in the answer says which it was.
 */
export function fromTypedArray(array: TypedArray): Tensor & { readonly sharesMemory: boolean } {
  if (!isTypedArray(array)) throw new TypeError('fromTypedArray() takes a typed array');
  if (array.buffer instanceof ArrayBuffer && (array.buffer as { detached?: boolean }).detached) {
    throw new TorchError('the array is detached: its memory was transferred');
  }
  const dtype = dtypeOfArray(array);
  const borrowed = native.borrow(array, dtype.code);
  const made = wrap(borrowed ?? native.copyIn(array, dtype.code, [array.length]));
  return Object.defineProperty(made, 'sharesMemory', { value: borrowed !== null }) as Tensor & {
    readonly sharesMemory: boolean;
  };
}

/**
 * The data as a tensor, without a copy where there is one already (torch.as_tensor): a tensor itself if it is as
 * wanted, a typed array's memory as {@link fromTypedArray} shares it.
 */
export function asTensor(data: TensorData, options: Pick<TensorOptions, 'dtype' | 'device'> = {}): Tensor {
  requireNames(asTensor, options, { dtype: true, device: true });
  const { dtype, device } = options;
  if (!isTensor(data) && !isTypedArray(data)) return tensor(data, { dtype, device });
  const made = isTensor(data) ? data : fromTypedArray(data);
  return made.to({ dtype, device });
}
