// The texts of the elements of a tensor, all of one width (torch/_tensor_str.py, _Formatter).

import type { DType } from '../dtype.js';
import { formatExponent, formatFixed } from '../python-format.js';
import type { PrintOptions } from './print-options.js';

export interface PrintedColumn {
  texts: string[];
  width: number;
}

function padded(texts: string[], width: number): PrintedColumn {
  return { texts: texts.map((text) => text.padStart(width)), width };
}

const widest = (texts: readonly string[]): number =>
  texts.reduce((width, text) => Math.max(width, text.length), 1);

/** Integers and booleans. */
export function integerColumn(values: BigInt64Array, dtype: DType): PrintedColumn {
  const text = (value: bigint): string => {
    if (dtype.kind === 'bool') return value === 0n ? 'False' : 'True';
    return String(dtype.name === 'uint64' ? BigInt.asUintN(64, value) : value);
  };
  const texts = Array.from(values, text);
  return padded(texts, widest(texts));
}

const decides = (value: number): boolean => Number.isFinite(value) && value !== 0;

/**
 * Floats, in one of three ways: whole numbers as `1.`, scientific where the range asks for it, else with a fixed
 * number of digits. Only finite values other than 0 decide about the way and the width.
 */
export function floatColumn(values: ArrayLike<number>, options: PrintOptions): PrintedColumn {
  const { precision, sciMode } = options;
  const all = Array.from(values);
  const deciding = all.filter(decides);
  const whole = deciding.every(Number.isInteger);
  const magnitudes = deciding.map(Math.abs);
  const largest = magnitudes.reduce((a, b) => Math.max(a, b), 0);
  const smallest = magnitudes.reduce((a, b) => Math.min(a, b), Infinity);
  const isWide = largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4;
  const scientific = deciding.length > 0 && (sciMode ?? isWide);

  const text = (value: number): string => {
    if (scientific) return formatExponent(value, precision);
    if (whole) return formatFixed(value, 0) + (Number.isFinite(value) ? '.' : '');
    return formatFixed(value, precision);
  };
  const texts = all.map(text);
  return padded(texts, widest(texts.filter((_, i) => decides(all[i] as number))));
}
