import { type DType, float32, int64 } from '../dtype.js';
import { ValueError } from '../errors.js';
import type { Float, Int } from '../generated/ops.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { float } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import {
  canonicalDims,
  fill,
  fillWith,
  type MaskedOptions,
  maskedNames,
  type ReductionOptions,
  reductionNames,
  requireStrided,
  sumDtype,
} from './mask.js';

/** The sum of what the mask lets through; integers narrower than int64 are summed as int64. */
export function sum(input: Tensor, options: ReductionOptions = {}): Tensor {
  requireNames(sum, options, reductionNames);
  const { dim, keepdim = false, dtype, mask } = options;
  requireStrided('sum', input);
  const to = dtype ?? sumDtype(input, int64);
  return aten.sum(fill('sum', input, mask), canonicalDims(dim, input.dim()), keepdim, { dtype: to });
}

export function prod(input: Tensor, options: ReductionOptions = {}): Tensor {
  requireNames(prod, options, reductionNames);
  const { dim, keepdim = false, dtype, mask } = options;
  requireStrided('prod', input);
  const filled = fill('prod', input, mask).to(dtype ?? sumDtype(input, int64));
  return canonicalDims(dim, input.dim()).reduceRight((result, d) => aten.prod(result, d, keepdim), filled);
}

export function cumsum(input: Tensor, dim: Int, options: MaskedOptions = {}): Tensor {
  requireNames(cumsum, options, maskedNames);
  const { dtype, mask } = options;
  requireStrided('cumsum', input);
  const to = dtype ?? input.dtype;
  const [at = 0] = canonicalDims(dim, input.dim());
  return aten.cumsum(fill('sum', input, mask), at, { dtype: to }).to(to);
}

export function cumprod(input: Tensor, dim: Int, options: MaskedOptions = {}): Tensor {
  requireNames(cumprod, options, maskedNames);
  const { dtype, mask } = options;
  requireStrided('cumprod', input);
  const to = dtype ?? input.dtype;
  const [at = 0] = canonicalDims(dim, input.dim());
  return aten.cumprod(fill('prod', input, mask), at, { dtype: to }).to(to);
}

/** The greatest element that the mask lets through; the least value of the dtype where there is none. */
export function amax(input: Tensor, options: ReductionOptions = {}): Tensor {
  requireNames(amax, options, reductionNames);
  const { dim, keepdim = false, dtype, mask } = options;
  requireStrided('amax', input);
  const dims = canonicalDims(dim, input.dim());
  return aten.amax(fill('amax', input, mask), dims, keepdim).to(dtype ?? input.dtype);
}

export function amin(input: Tensor, options: ReductionOptions = {}): Tensor {
  requireNames(amin, options, reductionNames);
  const { dim, keepdim = false, dtype, mask } = options;
  requireStrided('amin', input);
  const dims = canonicalDims(dim, input.dim());
  return aten.amin(fill('amin', input, mask), dims, keepdim).to(dtype ?? input.dtype);
}

export interface IndexOptions extends MaskedOptions {
  /** Of the flattened input by default. */
  dim?: Int | null;
  keepdim?: boolean;
}

export function argmax(input: Tensor, options: IndexOptions = {}): Tensor {
  requireNames(argmax, options, reductionNames);
  const { dim = null, keepdim = false, dtype, mask } = options;
  requireStrided('argmax', input);
  return aten.argmax(fill('argmax', input, mask), dim, keepdim).to(dtype ?? input.dtype);
}

export function argmin(input: Tensor, options: IndexOptions = {}): Tensor {
  requireNames(argmin, options, reductionNames);
  const { dim = null, keepdim = false, dtype, mask } = options;
  requireStrided('argmin', input);
  return aten.argmin(fill('argmin', input, mask), dim, keepdim).to(dtype ?? input.dtype);
}

export interface MedianOptions extends MaskedOptions {
  dim?: Int;
  keepdim?: boolean;
}

/** The lower median along one dimension, the last by default. Throws ValueError for integers that are all masked out. */
export function median(input: Tensor, options: MedianOptions = {}): Tensor {
  requireNames(median, options, reductionNames);
  const { dim = -1, keepdim = false, dtype, mask } = options;
  requireStrided('median', input);
  const [at = 0] = canonicalDims(dim, input.dim());
  const isFloat = input.dtype.isFloatingPoint;
  const values = isFloat ? input : input.to(float32);
  const filled = mask ? fillWith(Number.NaN, values, mask) : values;
  const output = (aten.nanmedian(filled, at, keepdim) as unknown as Tensor[])[0] as Tensor;
  if (isFloat) return output;
  if (output.isnan().any().item()) {
    throw new ValueError('masked median expects no fully masked out rows if dtype is not floating point');
  }
  return output.to(dtype ?? input.dtype);
}

export function logsumexp(input: Tensor, options: ReductionOptions = {}): Tensor {
  requireNames(logsumexp, options, reductionNames);
  const { dim, keepdim = false, dtype, mask } = options;
  requireStrided('logsumexp', input);
  const dims = canonicalDims(dim, input.dim());
  return aten.logsumexp(fill('logsumexp', input, mask), dims, keepdim).to(dtype ?? input.dtype);
}

export interface LogaddexpOptions {
  dtype?: DType | null;
  inputMask?: Tensor | null;
  otherMask?: Tensor | null;
}

export function logaddexp(input: Tensor, other: Tensor, options: LogaddexpOptions = {}): Tensor {
  requireNames(logaddexp, options, { dtype: true, inputMask: true, otherMask: true });
  const { dtype, inputMask, otherMask } = options;
  requireStrided('logaddexp', input, other);
  const [left, right] = [fill('logaddexp', input, inputMask), fill('logaddexp', other, otherMask)];
  return aten.logaddexp(left, right).to(dtype ?? input.dtype);
}

export interface NormOptions extends ReductionOptions {
  /** 2 by default. */
  ord?: Float | null;
}

/** The vector norm of order `ord` of what the mask lets through. */
export function norm(input: Tensor, options: NormOptions = {}): Tensor {
  requireNames(norm, options, { ...reductionNames, ord: true });
  const { ord, dim, keepdim = false, dtype, mask } = options;
  requireStrided('norm', input);
  const order = typeof ord === 'number' ? ord : (ord?.value ?? 2);
  const identity = order === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : 0;
  const filled = mask ? fillWith(identity, input, mask) : input;
  const dims = canonicalDims(dim, input.dim());
  return aten.linalgVectorNorm(filled, float(order), dims, keepdim, { dtype: dtype ?? input.dtype });
}
