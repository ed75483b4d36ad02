// Losses that are zero beyond a margin.

import { TorchError, ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { sizeText, valueText } from '../../python-text.js';
import { float } from '../../scalar.js';
import type { Tensor } from '../../tensor.js';
import { type Reduction, reduce, reductionNumber } from '../reduction.js';

interface LossOptions {
  reduction?: Reduction;
}

const lossNames: Names<LossOptions> = { reduction: true };

interface MarginOptions extends LossOptions {
  margin?: number;
}

const marginNames: Names<MarginOptions> = { ...lossNames, margin: true };

/** target: 1 where input1 should rank higher, −1 where input2 should. */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: MarginOptions = {},
): Tensor {
  requireNames(marginRankingLoss, options, marginNames);
  const { margin = 0, reduction = 'mean' } = options;
  const number = reductionNumber(reduction);
  if (input1.dim() !== input2.dim() || input1.dim() !== target.dim()) {
    throw new TorchError(
      'margin_ranking_loss : All input tensors should have same dimension but got sizes: ' +
        `input1: ${sizeText(input1.shape)}, input2: ${sizeText(input2.shape)}, target: ${sizeText(target.shape)} `,
    );
  }
  return aten.marginRankingLoss(input1, input2, target, margin, number);
}

/** target: 1 for similar pairs, −1 for dissimilar ones. */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  requireNames(hingeEmbeddingLoss, options, marginNames);
  const { margin = 1, reduction = 'mean' } = options;
  return aten.hingeEmbeddingLoss(input, target, margin, reductionNumber(reduction));
}

export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: MarginOptions = {},
): Tensor {
  requireNames(cosineEmbeddingLoss, options, marginNames);
  const { margin = 0, reduction = 'mean' } = options;
  return aten.cosineEmbeddingLoss(input1, input2, target, margin, reductionNumber(reduction));
}

export interface MultiMarginLossOptions extends MarginOptions {
  p?: 1 | 2;
  /** A weight for each class, [C]. */
  weight?: Tensor | null;
}

const multiMarginLossNames: Names<MultiMarginLossOptions> = { ...marginNames, p: true, weight: true };

/** Multi-class hinge loss. */
export function multiMarginLoss(input: Tensor, target: Tensor, options: MultiMarginLossOptions = {}): Tensor {
  requireNames(multiMarginLoss, options, multiMarginLossNames);
  const { p = 1, margin = 1, weight, reduction = 'mean' } = options;
  const number = reductionNumber(reduction);
  if (+p !== 1 && +p !== 2) throw new ValueError('only p == 1 and p == 2 supported');
  if (weight && weight.dim() !== 1) throw new ValueError('weight must be one-dimensional');
  return aten.multiMarginLoss(input, target, p, float(margin), weight ?? null, number);
}

export function multilabelMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireNames(multilabelMarginLoss, options, lossNames);
  const { reduction = 'mean' } = options;
  return aten.multilabelMarginLoss(input, target, reductionNumber(reduction));
}

export function softMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireNames(softMarginLoss, options, lossNames);
  const { reduction = 'mean' } = options;
  return aten.softMarginLoss(input, target, reductionNumber(reduction));
}

export interface MultilabelSoftMarginLossOptions extends LossOptions {
  /** A weight for each class, [C]. */
  weight?: Tensor | null;
}

const multilabelSoftMarginLossNames: Names<MultilabelSoftMarginLossOptions> = { ...lossNames, weight: true };

/** One binary logistic loss per class, averaged over the classes. */
export function multilabelSoftMarginLoss(
  input: Tensor,
  target: Tensor,
  options: MultilabelSoftMarginLossOptions = {},
): Tensor {
  requireNames(multilabelSoftMarginLoss, options, multilabelSoftMarginLossNames);
  const { weight, reduction = 'mean' } = options;
  return scope(() => {
    const positive = target.mul(aten.logSigmoid(input));
    const negative = aten.rsub(target, 1).mul(aten.logSigmoid(input.neg()));
    const all = positive.add(negative).neg();
    const losses = weight ? all.mul(weight) : all;
    const classes = input.dim() - 1;
    const loss = losses.sum(classes).div(input.size(classes));
    if (!['none', 'mean', 'sum'].includes(reduction)) throw new ValueError(`${reduction} is not valid`);
    return reduce(loss, reduction);
  });
}

export interface TripletMarginLossOptions extends MarginOptions {
  /** The norm's degree. */
  p?: number;
  eps?: number;
  /** Takes the harder of the two negatives (Balntas et al. 2016). */
  swap?: boolean;
}

const tripletMarginLossNames: Names<TripletMarginLossOptions> = {
  ...marginNames,
  p: true,
  eps: true,
  swap: true,
};

function checkMargin(margin: number): void {
  if (margin <= 0) throw new ValueError(`margin must be greater than 0, got ${valueText(margin)}`);
}

export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginLossOptions = {},
): Tensor {
  requireNames(tripletMarginLoss, options, tripletMarginLossNames);
  const { margin = 1, p = 2, eps = 1e-6, swap = false, reduction = 'mean' } = options;
  const number = reductionNumber(reduction);
  checkMargin(margin);
  return aten.tripletMarginLoss(anchor, positive, negative, margin, p, eps, swap, number);
}

export interface TripletDistanceOptions extends MarginOptions {
  /** `pairwiseDistance`, if not given. */
  distanceFunction?: ((x: Tensor, y: Tensor) => Tensor) | null;
  swap?: boolean;
}

const tripletDistanceNames: Names<TripletDistanceOptions> = {
  ...marginNames,
  distanceFunction: true,
  swap: true,
};

export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletDistanceOptions = {},
): Tensor {
  requireNames(tripletMarginWithDistanceLoss, options, tripletDistanceNames);
  const { distanceFunction, margin = 1, swap = false, reduction = 'mean' } = options;
  reductionNumber(reduction);
  checkMargin(margin);
  const [a, p, n] = [anchor.dim(), positive.dim(), negative.dim()];
  if (a !== p || p !== n) {
    throw new TorchError(
      'The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: ' +
        `anchor ${a}D, positive ${p}D, and negative ${n}D inputs`,
    );
  }
  const distance = distanceFunction ?? ((x: Tensor, y: Tensor) => aten.pairwiseDistance(x, y));
  return scope(() => {
    const near = distance(anchor, positive);
    const far = distance(anchor, negative);
    const apart = swap ? far.minimum(distance(positive, negative)) : far;
    return reduce(near.add(float(margin)).sub(apart).clampMin(0), reduction);
  });
}
