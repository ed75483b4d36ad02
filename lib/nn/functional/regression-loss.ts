// Losses of real numbers: how far input and target are apart.

import { ValueError } from '../../errors.js';
import { broadcastTensors } from '../../functional/broadcast.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { sizeText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { warn } from '../../warn.js';
import { type Reduction, reductionNumber } from '../reduction.js';

interface LossOptions {
  reduction?: Reduction;
}

export interface WeightedLossOptions extends LossOptions {
  /** A weight for each element, of the input's size; 'mean' divides by their sum. */
  weight?: Tensor | null;
}

const weightedLossNames: Names<WeightedLossOptions> = { reduction: true, weight: true };

/** Input and target of one size; different sizes broadcast, with Python's warning. */
function expanded(input: Tensor, target: Tensor): [Tensor, Tensor] {
  const [size, wanted] = [sizeText(target.shape), sizeText(input.shape)];
  if (size !== wanted) {
    warn(
      `Using a target size (${size}) that is different to the input size (${wanted}). This will likely lead to ` +
        'incorrect results due to broadcasting. Please ensure they have the same size.',
    );
  }
  return broadcastTensors(input, target) as [Tensor, Tensor];
}

function weighted(errors: Tensor, input: Tensor, weight: Tensor, reduction: Reduction): Tensor {
  if (sizeText(weight.shape) !== sizeText(input.shape)) {
    throw new ValueError('Weights and input must have the same size.');
  }
  const weightedErrors = errors.mul(weight);
  if (reduction === 'none') return weightedErrors;
  if (reduction === 'sum') return weightedErrors.sum();
  if (reduction === 'mean') return weightedErrors.sum().div(weight.sum());
  throw new ValueError(`Invalid reduction mode: ${reduction}. Expected one of 'none', 'mean', 'sum'.`);
}

export function mseLoss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  requireNames(mseLoss, options, weightedLossNames);
  const { weight, reduction = 'mean' } = options;
  return scope(() => {
    const [x, y] = expanded(input, target);
    if (weight) return weighted(x.sub(y).pow(2), input, weight, reduction);
    return aten.mseLoss(x, y, reductionNumber(reduction));
  });
}

export function l1Loss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  requireNames(l1Loss, options, weightedLossNames);
  const { weight, reduction = 'mean' } = options;
  return scope(() => {
    const [x, y] = expanded(input, target);
    if (weight) return weighted(x.sub(y).abs(), input, weight, reduction);
    return aten.l1Loss(x, y, reductionNumber(reduction));
  });
}

export interface SmoothL1LossOptions extends LossOptions {
  beta?: number;
}

const smoothL1LossNames: Names<SmoothL1LossOptions> = { reduction: true, beta: true };

/** Squared below `beta`, absolute above; beta 0 is the L1 loss. */
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1LossOptions = {}): Tensor {
  requireNames(smoothL1Loss, options, smoothL1LossNames);
  const { beta = 1, reduction = 'mean' } = options;
  return scope(() => {
    const [x, y] = expanded(input, target);
    const number = reductionNumber(reduction);
    return +beta === 0 ? aten.l1Loss(x, y, number) : aten.smoothL1Loss(x, y, number, beta);
  });
}

export interface HuberLossOptions extends WeightedLossOptions {
  delta?: number;
}

const huberLossNames: Names<HuberLossOptions> = { ...weightedLossNames, delta: true };

/** Squared below `delta`, linear above; with weights, 'mean' is the plain mean. */
export function huberLoss(input: Tensor, target: Tensor, options: HuberLossOptions = {}): Tensor {
  requireNames(huberLoss, options, huberLossNames);
  const { delta = 1, weight, reduction = 'mean' } = options;
  return scope(() => {
    const [x, y] = expanded(input, target);
    if (!weight) return aten.huberLoss(x, y, reductionNumber(reduction), delta);
    const errors = aten.huberLoss(x, y, reductionNumber('none'), delta);
    if (reduction !== 'mean') return weighted(errors, input, weight, reduction);
    return weighted(errors, input, weight, 'none').mean();
  });
}
