// Which typed array holds which dtype.

import type { DType } from './dtype.js';
import * as dtypes from './dtype.js';

export type TypedArray =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

type Constructor = new (buffer: ArrayBufferLike, offset?: number, length?: number) => TypedArray;

const table: [DType, Constructor][] = [
  [dtypes.uint8, Uint8Array],
  [dtypes.int8, Int8Array],
  [dtypes.int16, Int16Array],
  [dtypes.uint16, Uint16Array],
  [dtypes.int32, Int32Array],
  [dtypes.uint32, Uint32Array],
  [dtypes.int64, BigInt64Array],
  [dtypes.uint64, BigUint64Array],
  [dtypes.float32, Float32Array],
  [dtypes.float64, Float64Array],
];

export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** The dtype with the same bytes; Buffer and Uint8ClampedArray are uint8. */
export function dtypeOfArray(array: TypedArray): DType {
  if (array instanceof Uint8ClampedArray) return dtypes.uint8;
  const entry = table.find(([, arrayClass]) => array instanceof arrayClass);
  if (!entry) throw new TypeError(`no dtype holds the elements of ${(array as object).constructor.name}`);
  return entry[0];
}

/** Where no typed array has the dtype its raw bits are shown: 16-bit floats as Uint16Array, bool as Uint8Array. */
export function arrayOver(dtype: DType, buffer: ArrayBuffer): TypedArray {
  const exact = table.find(([candidate]) => candidate === dtype)?.[1];
  if (exact) return new exact(buffer);
  if (dtype === dtypes.complex64) return new Float32Array(buffer);
  if (dtype === dtypes.complex128) return new Float64Array(buffer);
  return dtype.itemsize === 2 ? new Uint16Array(buffer) : new Uint8Array(buffer);
}
