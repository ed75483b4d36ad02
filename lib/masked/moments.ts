import { type DType, int64 } from '../dtype.js';
import { TorchError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { float } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import {
  floatOf,
  inputMask,
  type ReductionOptions,
  reductionNames,
  requireFloat,
  requireStrided,
} from './mask.js';
import { sum } from './reductions.js';

type Counted = Pick<ReductionOptions, 'dim' | 'keepdim'>;

/** How many elements each sum has. */
function count(input: Tensor, mask: Tensor | undefined, { dim, keepdim }: Counted): Tensor {
  if (mask)
    return dim === null || dim === undefined ? countAll(mask, keepdim) : mask.sum(dim, keepdim ?? false);
  const { shape, device } = input;
  return sum(aten.ones(shape, { dtype: int64, device }), { dim, keepdim });
}

const countAll = (mask: Tensor, keepdim = false) => aten.sum(mask, { dim: null, keepdim });

export function mean(input: Tensor, options: ReductionOptions = {}): Tensor {
  requireNames(mean, options, reductionNames);
  const { dim, keepdim = false, mask } = options;
  const dtype = options.dtype ?? input.dtype;
  requireFloat(dtype, options.dtype ? 'Optional' : 'Input');
  requireStrided('mean', input);
  const full = mask ? inputMask(input, mask) : undefined;
  const counted = count(input, full, { dim, keepdim });
  return sum(input, { dim, keepdim, dtype, mask: full }).div(counted);
}

export interface VarianceOptions extends ReductionOptions {
  /** Bessel's correction; not together with `correction`. */
  unbiased?: boolean | null;
  /** What the number of elements is lessened by: 1 by default. */
  correction?: number | null;
}

const varianceNames: Names<VarianceOptions> = { ...reductionNames, unbiased: true, correction: true };

function realOf(dtype: DType, like: Tensor): DType {
  return dtype.isComplex ? aten.viewAsReal(aten.empty([0], { dtype, device: like.device })).dtype : dtype;
}

function correctionOf({ unbiased, correction }: VarianceOptions): number {
  if (unbiased != null && correction != null) {
    throw new TorchError('Only one of unbiased and correction may be given');
  }
  return correction ?? (unbiased === false ? 0 : 1);
}

export function variance(input: Tensor, options: VarianceOptions = {}): Tensor {
  requireNames({ name: 'var' }, options, varianceNames);
  const { dim, keepdim = false, mask } = options;
  const correction = correctionOf(options);
  const dtype = options.dtype ?? floatOf(input.dtype);
  const computed = floatOf(dtype);
  requireStrided('std/var', input);
  const full = mask ? inputMask(input, mask) : undefined;
  let counted = count(input, full, { dim, keepdim: true });
  const average = aten.divide(sum(input, { dim, keepdim: true, dtype, mask: full }), counted);
  const x = aten.subtract(input, average);
  const total = sum(x.mul(x.conj()), { dim, keepdim, dtype: computed, mask: full });
  if (!keepdim) counted = counted.reshape(total.shape);
  if (correction !== 0) {
    const less = aten.subtract(counted.to(realOf(computed, input)), float(correction));
    counted = aten.maximum(less, less.newZeros([]));
  }
  return aten.divide(total, counted).to(dtype);
}

export { variance as var };

export function std(input: Tensor, options: VarianceOptions = {}): Tensor {
  requireNames(std, options, varianceNames);
  return aten.sqrt(variance(input, options));
}
