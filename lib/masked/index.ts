// torch.masked: operators that leave out elements by a mask; strided tensors only.

export type { Dims, MaskedOptions, ReductionOptions } from './mask.js';
export { mean, std, type VarianceOptions, var } from './moments.js';
export { logSoftmax, normalize, softmax, softmin } from './normalizations.js';
export {
  amax,
  amin,
  argmax,
  argmin,
  cumprod,
  cumsum,
  type IndexOptions,
  type LogaddexpOptions,
  logaddexp,
  logsumexp,
  type MedianOptions,
  median,
  type NormOptions,
  norm,
  prod,
  sum,
} from './reductions.js';
