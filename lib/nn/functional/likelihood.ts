// Negative log-likelihoods of counts and of real numbers.

import { noGrad } from '../../autograd/index.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { sizeText } from '../../python-text.js';
import { float } from '../../scalar.js';
import { isTensor, type Tensor } from '../../tensor.js';
import { type Reduction, reduce, reductionNumber } from '../reduction.js';

export interface PoissonNllLossOptions {
  /** The input is a logarithm of the rate. */
  logInput?: boolean;
  /** Adds Stirling's approximation. */
  full?: boolean;
  eps?: number;
  reduction?: Reduction;
}

const poissonNllLossNames: Names<PoissonNllLossOptions> = {
  logInput: true,
  full: true,
  eps: true,
  reduction: true,
};

export function poissonNllLoss(input: Tensor, target: Tensor, options: PoissonNllLossOptions = {}): Tensor {
  requireNames(poissonNllLoss, options, poissonNllLossNames);
  const { logInput = true, full = false, eps = 1e-8, reduction = 'mean' } = options;
  return aten.poissonNllLoss(input, target, logInput, full, eps, reductionNumber(reduction));
}

export interface GaussianNllLossOptions {
  full?: boolean;
  /** The least variance that is used. */
  eps?: number;
  reduction?: Reduction;
}

const gaussianNllLossNames: Names<GaussianNllLossOptions> = { full: true, eps: true, reduction: true };

const log2piHalf = 0.9189385332046727; // 0.5 * math.log(2 * math.pi)

/** `variance`: of the input's size, of its size without the last dimension or with one dimension 1, or a number. */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor | number,
  options: GaussianNllLossOptions = {},
): Tensor {
  requireNames(gaussianNllLoss, options, gaussianNllLossNames);
  const { full = false, eps = 1e-6, reduction = 'mean' } = options;
  return scope(() => {
    const given = gaussianVariance(input, variance);
    if (!['none', 'mean', 'sum'].includes(reduction)) throw new ValueError(`${reduction} is not valid`);
    const clamped = given.clone();
    noGrad(() => clamped.clamp_({ min: eps }));
    const loss = clamped.log().add(input.sub(target).pow(2).div(clamped)).mul(0.5);
    if (full) loss.add_(log2piHalf);
    return reduce(loss, reduction);
  });
}

function gaussianVariance(input: Tensor, variance: Tensor | number): Tensor {
  const isNumber = !isTensor(variance);
  if (isNumber ? variance < 0 : variance.lt(0).any().item()) {
    throw new ValueError('var has negative entry/entries');
  }
  const given = isNumber ? aten.onesLike(input).mul(float(+variance)) : variance;
  const [size, wanted] = [given.shape, input.shape];
  if (sizeText(size) === sizeText(wanted)) return given;
  if (sizeText(size) === sizeText(wanted.slice(0, -1))) return given.unsqueeze(-1);
  const differing = size.filter((length, d) => length !== wanted[d]);
  if (size.length === wanted.length && differing.length === 1 && differing[0] === 1) return given;
  throw new ValueError('var is of incorrect size');
}
