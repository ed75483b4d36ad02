import type { Float, Int } from '../generated/ops.js';
import { aten } from '../operators/ops.js';
import { float } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { canonicalDims, fill, type MaskedOptions, requireStrided } from './mask.js';
import { norm } from './reductions.js';

export function softmax(input: Tensor, dim: Int, { dtype, mask }: MaskedOptions = {}): Tensor {
  requireStrided('softmax', input);
  const [at = 0] = canonicalDims(dim, input.dim());
  return fill('amax', input, mask).softmax(at, { dtype: dtype ?? input.dtype });
}

export function logSoftmax(input: Tensor, dim: Int, { dtype, mask }: MaskedOptions = {}): Tensor {
  requireStrided('log_softmax', input);
  const [at = 0] = canonicalDims(dim, input.dim());
  return fill('amax', input, mask).logSoftmax(at, { dtype: dtype ?? input.dtype });
}

export function softmin(input: Tensor, dim: Int, { dtype, mask }: MaskedOptions = {}): Tensor {
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
  { eps = 1e-12, dtype, mask }: MaskedOptions & { eps?: number } = {},
): Tensor {
  requireStrided('normalize', input);
  const length = norm(input, { ord, dim, keepdim: true, dtype: dtype ?? input.dtype, mask });
  const denominator = aten.maximum(length, length.newFull([], float(eps)));
  return aten.divide(fill('sum', input, mask), denominator);
}
