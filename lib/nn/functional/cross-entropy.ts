// Losses of probabilities: classes, distributions, sequences.

import { ValueError } from '../../errors.js';
import { broadcastShapes } from '../../functional/broadcast.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { sizeText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { warn } from '../../warn.js';
import { type Reduction, reductionNumber } from '../reduction.js';

export interface NllLossOptions {
  /** A weight for each class, [C]. */
  weight?: Tensor | null;
  ignoreIndex?: number;
  reduction?: Reduction;
}

const nllLossNames: Names<NllLossOptions> = { weight: true, ignoreIndex: true, reduction: true };

export interface CrossEntropyOptions extends NllLossOptions {
  labelSmoothing?: number;
}

const crossEntropyNames: Names<CrossEntropyOptions> = { ...nllLossNames, labelSmoothing: true };

/** input: logits [N, C, ...]; target: int64 class indices [N, ...], or probabilities shaped like input. */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  requireNames(crossEntropy, options, crossEntropyNames);
  const { weight, ignoreIndex = -100, reduction = 'mean', labelSmoothing = 0 } = options;
  const number = reductionNumber(reduction);
  return aten.crossEntropyLoss(input, target, weight, number, ignoreIndex, labelSmoothing);
}

/** input: log-probabilities [N, C, ...]; target: int64 class indices [N, ...]. */
export function nllLoss(input: Tensor, target: Tensor, options: NllLossOptions = {}): Tensor {
  requireNames(nllLoss, options, nllLossNames);
  const { weight, ignoreIndex = -100, reduction = 'mean' } = options;
  return aten.nllLossNd(input, target, weight, reductionNumber(reduction), ignoreIndex);
}

export interface BceOptions {
  /** Broadcast against the target. */
  weight?: Tensor | null;
  reduction?: Reduction;
}

const bceNames: Names<BceOptions> = { weight: true, reduction: true };

/** input: probabilities; target: of the same size. */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: BceOptions = {}): Tensor {
  requireNames(binaryCrossEntropy, options, bceNames);
  const { weight, reduction = 'mean' } = options;
  const number = reductionNumber(reduction);
  const [size, wanted] = [sizeText(target.shape), sizeText(input.shape)];
  if (size !== wanted) {
    throw new ValueError(
      `Using a target size (${size}) that is different to the input size (${wanted}) is deprecated. Please ensure they have the same size.`,
    );
  }
  if (!weight) return aten.binaryCrossEntropy(input, target, null, number);
  return scope(() => {
    const expanded = weight.expand(broadcastShapes(target.shape, weight.shape));
    return aten.binaryCrossEntropy(input, target, expanded, number);
  });
}

export interface BceWithLogitsOptions extends BceOptions {
  /** A weight of the positive class, broadcast against the target. */
  posWeight?: Tensor | null;
}

const bceWithLogitsNames: Names<BceWithLogitsOptions> = { ...bceNames, posWeight: true };

/** input: logits; target: of the same size. */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  options: BceWithLogitsOptions = {},
): Tensor {
  requireNames(binaryCrossEntropyWithLogits, options, bceWithLogitsNames);
  const { weight, posWeight, reduction = 'mean' } = options;
  const number = reductionNumber(reduction);
  const [size, wanted] = [sizeText(target.shape), sizeText(input.shape)];
  if (size !== wanted) {
    throw new ValueError(`Target size (${size}) must be the same as input size (${wanted})`);
  }
  return aten.binaryCrossEntropyWithLogits(input, target, weight ?? null, posWeight ?? null, number);
}

export interface KlDivOptions {
  reduction?: Reduction | 'batchmean';
  /** The target is a log-probability too. */
  logTarget?: boolean;
}

const klDivNames: Names<KlDivOptions> = { reduction: true, logTarget: true };

/** input: log-probabilities. 'batchmean' is the divergence as it is defined, per sample. */
export function klDiv(input: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor {
  requireNames(klDiv, options, klDivNames);
  const { reduction = 'mean', logTarget = false } = options;
  if (reduction === 'mean') {
    warn(
      "reduction: 'mean' divides the total loss by both the batch size and the support size." +
        "'batchmean' divides only by the batch size, and aligns with the KL div math definition." +
        "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
    );
  }
  const number = reductionNumber(reduction === 'batchmean' ? 'sum' : reduction);
  return scope(() => {
    const reduced = aten.klDiv(input, target, number, { logTarget });
    return reduction === 'batchmean' && input.dim() !== 0 ? reduced.div(input.size(0)) : reduced;
  });
}

export interface CtcLossOptions {
  blank?: number;
  reduction?: Reduction;
  /** Infinite losses, of targets longer than their input, count as zero. */
  zeroInfinity?: boolean;
}

const ctcLossNames: Names<CtcLossOptions> = { blank: true, reduction: true, zeroInfinity: true };

/** Connectionist temporal classification (Graves et al. 2006): logProbs [T, N, C] or [T, C]. */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Tensor | readonly number[],
  targetLengths: Tensor | readonly number[],
  options: CtcLossOptions = {},
): Tensor {
  requireNames(ctcLoss, options, ctcLossNames);
  const { blank = 0, reduction = 'mean', zeroInfinity = false } = options;
  const number = reductionNumber(reduction);
  return aten.ctcLoss(
    logProbs,
    targets,
    inputLengths as Tensor,
    targetLengths as Tensor,
    blank,
    number,
    zeroInfinity,
  );
}
