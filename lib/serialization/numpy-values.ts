import { DType, uint64 } from '../dtype.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { TorchFloat } from '../scalar.js';
import { asStridedOver, emptyStorage, writeStorage } from '../storage.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { elementUnit, swapBytes } from './byte-order.js';
import { BadTensorError, UnsupportedCheckpointError } from './errors.js';
import { NumpyDtype } from './numpy-dtype.js';
import { awaitState } from './unbuilt.js';
import { UnknownObject } from './unknown.js';

// NumPy's scalars and arrays are plain data: numbers and tensors. Nothing of NumPy is called.

/** dtype, bytes: a number, BigInt, boolean, Complex or string. */
export function makeNumpyScalar(...[type, content]: unknown[]): unknown {
  if (!(type instanceof NumpyDtype)) throw new TypeError('a NumPy scalar has no dtype');
  const bytes = bytesOf(content);
  if (type.code.startsWith('U')) return decodeUtf32(bytes, type);
  if (type.code.startsWith('S')) return new Uint8Array(bytes);
  return scope(() => {
    const tensor = over(bytes, type, [], []);
    if (type.dtype === uint64) return narrowed(Buffer.from(bytesIn(tensor)).readBigUInt64LE());
    const value = tensor.item();
    const isIntegralFloat =
      type.dtype.isFloatingPoint && Number.isSafeInteger(value) && !Object.is(value, -0);
    return isIntegralFloat ? new TorchFloat(value as number) : value;
  });
}

/** `numpy.ndarray` by `_reconstruct`; BUILD brings (version, shape, dtype, is Fortran order, bytes). */
export function makeNumpyArray(): Tensor {
  const tensor = aten.empty([0]);
  return awaitState(tensor, (state) => fill(tensor, state));
}

function fill(tensor: Tensor, state: unknown): Tensor {
  if (!(state instanceof Tuple) || state.length !== 5) throw new TypeError('it is not the state of an array');
  const [, shape, type, isFortran, content] = state;
  scope(() => tensor.setData(arrayOf(content, type, shape, isFortran === true)));
  return tensor;
}

const ARRAY = 'numpy.ndarray';

/** The same, with a record for an array of what no tensor holds: objects, dates, records, long doubles. */
export function makeNumpyArrayOrRecord(): Tensor {
  const tensor = aten.empty([0]);
  return awaitState(tensor, (state) => {
    const record = new UnknownObject(ARRAY, []);
    record.state = state;
    return orRecord(record, () => fill(tensor, state));
  });
}

export function makeNumpyArrayOverOrRecord(...args: unknown[]): object {
  return orRecord(new UnknownObject(ARRAY, args), () => makeNumpyArrayOver(...args));
}

export function makeNumpyScalarOrRecord(...args: unknown[]): unknown {
  return orRecord<unknown>(new UnknownObject('numpy.generic', args), () => makeNumpyScalar(...args));
}

function orRecord<T>(record: UnknownObject, make: () => T): T | UnknownObject {
  try {
    return make();
  } catch (error) {
    if (error instanceof UnsupportedCheckpointError) return record;
    throw error;
  }
}

/** `_frombuffer(bytes, dtype, shape, order)`, which protocol 5 uses. */
export function makeNumpyArrayOver(...[content, type, shape, order]: unknown[]): Tensor {
  return arrayOf(content, type, shape, order === 'F');
}

/** array, dtype, device, requires_grad: how tensors of XLA devices were saved. */
export function rebuildFromNumpy(...[data, dtype, , requiresGrad]: unknown[]): Tensor {
  if (!isTensor(data) || !(dtype instanceof DType))
    throw new BadTensorError('a tensor was saved without data');
  return data.to(dtype).requiresGrad_(requiresGrad === true);
}

function arrayOf(content: unknown, type: unknown, shape: unknown, isFortran: boolean): Tensor {
  const isShape = shape instanceof Tuple && shape.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
  if (!(type instanceof NumpyDtype) || !isShape)
    throw new BadTensorError('a NumPy array has no proper shape');
  const sizes = [...shape] as number[];
  const strides = isFortran ? rowMajor(sizes.toReversed()).reverse() : rowMajor(sizes);
  // The dtype first: an array of objects has no bytes.
  const { dtype } = type;
  const bytes = bytesOf(content);
  const needed = sizes.reduce((product, n) => product * BigInt(n), BigInt(dtype.itemsize));
  if (needed !== BigInt(bytes.byteLength)) {
    throw new BadTensorError(
      `a NumPy array of shape [${sizes}] and ${dtype} needs ${needed} bytes, not ${bytes.byteLength}`,
    );
  }
  return scope(() => over(bytes, type, sizes, strides));
}

function over(
  bytes: Uint8Array,
  { dtype, isBigEndian }: NumpyDtype,
  sizes: number[],
  strides: number[],
): Tensor {
  const storage = emptyStorage(bytes.byteLength);
  writeStorage(storage, 0, bytes);
  if (isBigEndian) swapBytes(storage, elementUnit(dtype));
  return asStridedOver(storage, dtype, sizes, strides, 0);
}

function rowMajor(sizes: readonly number[]): number[] {
  let step = 1;
  return sizes
    .toReversed()
    .map((size) => {
      const stride = step;
      step *= Math.max(size, 1);
      return stride;
    })
    .reverse();
}

function bytesIn(tensor: Tensor): Uint8Array {
  const array = tensor.typedArray();
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function decodeUtf32(bytes: Uint8Array, { isBigEndian }: NumpyDtype): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at + 4 <= bytes.byteLength; at += 4) {
    const point = view.getUint32(at, !isBigEndian);
    if (point > 0x10ffff) throw new TypeError('a NumPy string is not Unicode');
    text += String.fromCodePoint(point);
  }
  return text.replace(/\0+$/, '');
}

// Pickles of Python 2 hold bytes as text.
function bytesOf(content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content;
  if (typeof content === 'string') return Buffer.from(content, 'latin1');
  throw new TypeError('a NumPy value has no bytes');
}

function narrowed(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
