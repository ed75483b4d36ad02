// torch.finfo and torch.iinfo: the limits of a dtype's numbers.

import * as dtypes from './dtype.js';
import { type DType, getDefaultDtype } from './dtype.js';

export interface FloatInfo {
  dtype: DType;
  bits: number;
  /** The distance from 1 to the next number. */
  eps: number;
  max: number;
  min: number;
  /** The smallest positive number of full precision, `tiny` in numpy. */
  smallestNormal: number;
  tiny: number;
  /** 10 to the minus number of decimals that are exact. */
  resolution: number;
}

export interface IntegerInfo {
  dtype: DType;
  bits: number;
  /** BigInts for 64 bits. */
  max: number | bigint;
  min: number | bigint;
}

type Limits = readonly [eps: number, max: number, smallestNormal: number, resolution: number];

const floats = new Map<DType, Limits>([
  [dtypes.float16, [0.0009765625, 65504, 6.103515625e-5, 1e-3]],
  [dtypes.bfloat16, [0.0078125, 3.3895313892515355e38, 1.1754943508222875e-38, 1e-2]],
  [dtypes.float32, [1.1920928955078125e-7, 3.4028234663852886e38, 1.1754943508222875e-38, 1e-6]],
  [dtypes.float64, [Number.EPSILON, Number.MAX_VALUE, 2.2250738585072014e-308, 1e-15]],
  [dtypes.float8_e5m2, [0.25, 57344, 6.103515625e-5, 1]],
  [dtypes.float8_e4m3fn, [0.125, 448, 0.015625, 1]],
]);

const parts = new Map([
  [dtypes.complex32, dtypes.float16],
  [dtypes.complex64, dtypes.float32],
  [dtypes.complex128, dtypes.float64],
]);

/** The limits of a floating-point dtype, or of a complex one's parts. Throws TypeError for others. */
export function finfo(dtype: DType = getDefaultDtype()): FloatInfo {
  const real = parts.get(dtype) ?? dtype;
  const limits = floats.get(real);
  if (!limits) {
    throw new TypeError(
      `torch.finfo() requires a floating point input type, not ${dtype}. Use torch.iinfo for integers`,
    );
  }
  const [eps, max, smallestNormal, resolution] = limits;
  const tiny = smallestNormal;
  return { dtype: real, bits: 8 * real.itemsize, eps, max, min: -max, smallestNormal, tiny, resolution };
}

/** The limits of an integral dtype. Throws TypeError for others. */
export function iinfo(dtype: DType): IntegerInfo {
  if (dtype.kind !== 'int') {
    throw new TypeError(
      `torch.iinfo() requires an integer input type, not ${dtype}. Use torch.finfo for floating-point numbers`,
    );
  }
  const bits = 8 * dtype.itemsize;
  const unsigned = dtype.name.startsWith('u');
  const max = (1n << BigInt(unsigned ? bits : bits - 1)) - 1n;
  const min = unsigned ? 0n : -max - 1n;
  return bits === 64 ? { dtype, bits, max, min } : { dtype, bits, max: Number(max), min: Number(min) };
}
