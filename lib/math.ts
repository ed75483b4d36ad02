// Python's `math`: the bits of C, which V8's Math.exp, Math.cos and ** miss by the last one for 4-12 % of arguments.

export {
  acos,
  asin,
  atan,
  atan2,
  cos,
  cosh,
  erf,
  erfc,
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  pow,
  sin,
  sinh,
  sqrt,
  tan,
  tanh,
} from './python-number.js';

/** The doubles nearest to π, 2π and e. */
export const pi = Math.PI;
export const tau = 2 * Math.PI;
export const e = Math.E;
export const inf = Infinity;
export const nan = Number.NaN;
