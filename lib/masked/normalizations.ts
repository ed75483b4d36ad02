import type { Float, Int } from '../generated/ops.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { float } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { canonicalDims, fill, type MaskedOptions, maskedNames, requireStrided } from './mask.js';
import { norm } from './reductions.js';

export function softmax(input: Tensor, dim: Int, options: MaskedOptions = {}): Tensor {
  requireNames(softmax, options, maskedNames);
  const { dtype, mask } = options;
  requireStrided('softmax', input);
  const [at = 0] = canonicalDims(dim, input.dim());
  return fill('amax', input, mask).softmax(at, { dtype: dtype ?? input.dtype });
}

export function logSoftmax(input: Tensor, dim: Int, options: MaskedOptions = {}): Tensor {
  requireNames(logSoftmax, options, maskedNames);
  const { dtype, mask } = options;
  requireStrided('log_softmax', input);
  const [at = 0] = canonicalDims(dim, input.dim());
  return fill('amax', input, mask).logSoftmax(at, { dtype: dtype ?? input.dtype });
}

export function softmin(input: Tensor, dim: Int, options: MaskedOptions = {}): Tensor {
  requireNames(softmin, options, maskedNames);
  const { dtype, mask } = options;
  requireStrided('softmin', input);
  const [at = 0] = canonicalDims(dim, input.dim());
  return fill('amin', input, mask)
    .neg()
    .softmax(at, { dtype: dtype ?? input.dtype });
}

/** The input over its norm of order `ord` along `dim`, which counts as at least `eps`. */
export function normalize(
  input: Tensor,
  ord: Float,
  dim: Int,
  options: MaskedOptions & { eps?: number } = {},
): Tensor {
  requireNames(normalize, options, { ...maskedNames, eps: true });
  const { eps = 1e-12, dtype, mask } = options;
  requireStrided('normalize', input);
  const length = norm(input, { ord, dim, keepdim: true, dtype: dtype ?? input.dtype, mask });
  const denominator = aten.maximum(length, length.newFull([], float(eps)));
  return aten.divide(fill('sum', input, mask), denominator);
}
