// Losses of probabilities and classes; those of numbers are in regression-loss.ts, of margins in margin-loss.ts.

import { requireKnown, requireOptions } from '../options.js';
import type { Tensor } from '../tensor.js';
import * as F from './functional.js';
import { Module } from './module.js';
import type { Reduction } from './reduction.js';

export interface LossOptions {
  reduction?: Reduction;
}

export interface WeightedLossOptions extends LossOptions {
  /** A buffer, so that it moves with the module. */
  weight?: Tensor | null;
}

/** A loss over many elements (PyTorch's `_Loss`). */
export abstract class Loss extends Module {
  readonly reduction: Reduction;

  constructor(options: LossOptions = {}) {
    const { reduction = 'mean', ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.reduction = reduction;
  }
}

/** A loss with a weight (PyTorch's `_WeightedLoss`). */
export abstract class WeightedLoss extends Loss {
  readonly weight: Tensor | null;

  constructor(options: WeightedLossOptions = {}) {
    const { weight = null, reduction, ...others } = options;
    requireKnown(new.target, options, others);
    super({ reduction });
    this.weight = this.registerBuffer('weight', weight);
  }
}

/** Negative log-likelihood of log-probabilities [N, C, ...] and class indices [N, ...]; weight: [C]. */
export class NLLLoss extends WeightedLoss {
  readonly ignoreIndex: number;

  constructor(given: F.NllLossOptions = {}) {
    requireOptions(new.target, given);
    const { ignoreIndex = -100, ...options } = given;
    super(options);
    this.ignoreIndex = ignoreIndex;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this;
    return F.nllLoss(input, target, { weight, ignoreIndex, reduction });
  }
}

/** NLLLoss under the name that it had for images. */
export class NLLLoss2d extends NLLLoss {}

/** Cross entropy between logits [N, C, ...] and class indices [N, ...] or class probabilities [N, C, ...]; weight: [C]. */
export class CrossEntropyLoss extends WeightedLoss {
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor(given: F.CrossEntropyOptions = {}) {
    requireOptions(new.target, given);
    const { ignoreIndex = -100, labelSmoothing = 0, ...options } = given;
    super(options);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return F.crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}

/** Binary cross entropy of probabilities; the weight broadcasts against the target. */
export class BCELoss extends WeightedLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return F.binaryCrossEntropy(input, target, { weight, reduction });
  }
}

/** Binary cross entropy of logits; `posWeight` is that of the positive class. */
export class BCEWithLogitsLoss extends WeightedLoss {
  readonly posWeight: Tensor | null;

  constructor(given: F.BceWithLogitsOptions = {}) {
    requireOptions(new.target, given);
    const { posWeight = null, ...options } = given;
    super(options);
    this.posWeight = this.registerBuffer('posWeight', posWeight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, posWeight, reduction } = this;
    return F.binaryCrossEntropyWithLogits(input, target, { weight, posWeight, reduction });
  }
}

/** Kullback-Leibler divergence; the input is log-probabilities. 'batchmean' is the divergence as it is defined. */
export class KLDivLoss extends Module {
  readonly reduction: Reduction | 'batchmean';
  readonly logTarget: boolean;

  constructor(options: F.KlDivOptions = {}) {
    const { reduction = 'mean', logTarget = false, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.reduction = reduction;
    this.logTarget = logTarget;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { reduction, logTarget } = this;
    return F.klDiv(input, target, { reduction, logTarget });
  }
}

/** −log of a Poisson distribution whose rate, or its logarithm, is the input. */
export class PoissonNLLLoss extends Loss {
  readonly logInput: boolean;
  readonly full: boolean;
  eps: number;

  constructor(options: F.PoissonNllLossOptions = {}) {
    const { logInput = true, full = false, eps = 1e-8, reduction, ...others } = options;
    requireKnown(new.target, options, others);
    super({ reduction });
    this.logInput = logInput;
    this.full = full;
    this.eps = eps;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { logInput, full, eps, reduction } = this;
    return F.poissonNllLoss(input, target, { logInput, full, eps, reduction });
  }
}

/** −log of a normal distribution with mean `input` and the variance that forward is given. */
export class GaussianNLLLoss extends Loss {
  readonly full: boolean;
  eps: number;

  constructor(options: F.GaussianNllLossOptions = {}) {
    const { full = false, eps = 1e-6, reduction, ...others } = options;
    requireKnown(new.target, options, others);
    super({ reduction });
    this.full = full;
    this.eps = eps;
  }

  override forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    const { full, eps, reduction } = this;
    return F.gaussianNllLoss(input, target, variance, { full, eps, reduction });
  }
}

/** Connectionist temporal classification (Graves et al. 2006): logProbs [T, N, C] or [T, C]. */
export class CTCLoss extends Loss {
  readonly blank: number;
  readonly zeroInfinity: boolean;

  constructor(options: F.CtcLossOptions = {}) {
    const { blank = 0, zeroInfinity = false, reduction, ...others } = options;
    requireKnown(new.target, options, others);
    super({ reduction });
    this.blank = blank;
    this.zeroInfinity = zeroInfinity;
  }

  override forward(
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Tensor | readonly number[],
    targetLengths: Tensor | readonly number[],
  ): Tensor {
    const { blank, reduction, zeroInfinity } = this;
    return F.ctcLoss(logProbs, targets, inputLengths, targetLengths, { blank, reduction, zeroInfinity });
  }
}
