// Python's host arithmetic. V8's exp, pow and cos differ from C's in the last bit for 4-12 % of arguments, and
// schedules and bias corrections are part of the bits: everything that is not exact by IEEE 754 goes to libm.

import { ValueError } from './errors.js';
import { native } from './native.js';
import { formatFixed } from './python-format.js';

export { formatExponent, formatFixed, formatFloat, formatGeneral } from './python-format.js';

type Unary = (x: number) => number;
const unary =
  (name: string): Unary =>
  (x) =>
    native.libm(name, x);

// Out of domain or range these give NaN or Infinity as C does, where Python's math module raises.
export const exp = unary('exp');
export const expm1 = unary('expm1');
export const log = unary('log');
export const log1p = unary('log1p');
export const log2 = unary('log2');
export const log10 = unary('log10');
export const sin = unary('sin');
export const cos = unary('cos');
export const tan = unary('tan');
export const asin = unary('asin');
export const acos = unary('acos');
export const atan = unary('atan');
export const sinh = unary('sinh');
export const cosh = unary('cosh');
export const tanh = unary('tanh');
export const erf = unary('erf');
export const erfc = unary('erfc');

/** Correctly rounded by IEEE 754, so V8's is C's. */
export const sqrt: Unary = Math.sqrt;

/** Python's `x ** y` of floats. */
export const pow = (x: number, y: number): number => native.libm('pow', x, y);

export const atan2 = (y: number, x: number): number => native.libm('atan2', y, x);

/** As for operators: -0 and what a double cannot hold exactly are floats. */
const isInt = (x: number): boolean => Number.isSafeInteger(x) && !Object.is(x, -0);

/** Python's `a % b`: the sign of b; integral operands are ints and give no -0. Throws ValueError where Python raises ZeroDivisionError. */
export function mod(a: number, b: number): number {
  if (b === 0) throw new ValueError('modulo by zero');
  const rest = a % b;
  if (rest === 0) return b < 0 && !(isInt(a) && isInt(b)) ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

/** Python's `a // b`, rounded down; ints as for `mod`. Throws ValueError where Python raises ZeroDivisionError. */
export function floorDiv(a: number, b: number): number {
  if (b === 0) throw new ValueError('division by zero');
  const rest = a % b;
  // float_floor_div of CPython: exact multiples first, so that the quotient is off by less than one half.
  const quotient = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
  if (quotient === 0) return isInt(a) && isInt(b) ? 0 : 0 * (a / b);
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/**
 * Python's `round(x)`: halves to even, never -0. With digits: `round(x, digits)`, correct in the decimal value of
 * the double. Throws ValueError for NaN and infinities without digits, where Python raises.
 */
export function roundHalfEven(x: number, digits?: number): number {
  if (digits !== undefined) return roundDigits(x, digits);
  if (!Number.isFinite(x)) throw new ValueError(`cannot convert float ${x} to integer`);
  const floor = Math.floor(x);
  const rest = x - floor;
  return (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor) + 0;
}

function roundDigits(x: number, digits: number): number {
  if (!Number.isFinite(x) || digits > 323) return x;
  if (digits >= 0) return Number(formatFixed(x, digits));
  if (digits < -308) return 0 * x;
  // The integer part decides, except for what the fraction adds to an exact half.
  const unit = BigInt(`1${'0'.repeat(-digits)}`);
  const whole = BigInt(Math.trunc(Math.abs(x)));
  const rest = 2n * (whole % unit) - unit;
  const quotient = whole / unit;
  const up = rest > 0n || (rest === 0n && (!Number.isInteger(x) || quotient % 2n === 1n));
  const size = Number((quotient + (up ? 1n : 0n)) * unit);
  return x < 0 || Object.is(x, -0) ? -size : size;
}
