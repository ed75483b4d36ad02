// Losses of probabilities and classes; those of numbers are in regression-loss.ts, of margins in margin-loss.ts.

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

  constructor({ reduction = 'mean' }: LossOptions = {}) {
    super();
    this.reduction = reduction;
  }
}

/** A loss with a weight (PyTorch's `_WeightedLoss`). */
export abstract class WeightedLoss extends Loss {
  readonly weight: Tensor | null;

  constructor({ weight = null, reduction }: WeightedLossOptions = {}) {
    super({ reduction });
    this.weight = this.registerBuffer('weight', weight);
  }
}

/** Negative log-likelihood of log-probabilities [N, C, ...] and class indices [N, ...]; weight: [C]. */
export class NLLLoss extends WeightedLoss {
  readonly ignoreIndex: number;

  constructor({ ignoreIndex = -100, ...options }: F.NllLossOptions = {}) {
    super(options);
    this.ignoreIndex = ignoreIndex;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.nllLoss(input, target, this);
  }
}

/** NLLLoss under the name that it had for images. */
export class NLLLoss2d extends NLLLoss {}

/** Cross entropy between logits [N, C, ...] and class indices [N, ...] or class probabilities [N, C, ...]; weight: [C]. */
export class CrossEntropyLoss extends WeightedLoss {
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor({ ignoreIndex = -100, labelSmoothing = 0, ...options }: F.CrossEntropyOptions = {}) {
    super(options);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.crossEntropy(input, target, this);
  }
}

/** Binary cross entropy of probabilities; the weight broadcasts against the target. */
export class BCELoss extends WeightedLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropy(input, target, this);
  }
}

/** Binary cross entropy of logits; `posWeight` is that of the positive class. */
export class BCEWithLogitsLoss extends WeightedLoss {
  readonly posWeight: Tensor | null;

  constructor({ posWeight = null, ...options }: F.BceWithLogitsOptions = {}) {
    super(options);
    this.posWeight = this.registerBuffer('posWeight', posWeight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropyWithLogits(input, target, this);
  }
}

/** Kullback-Leibler divergence; the input is log-probabilities. 'batchmean' is the divergence as it is defined. */
export class KLDivLoss extends Module {
  readonly reduction: Reduction | 'batchmean';
  readonly logTarget: boolean;

  constructor({ reduction = 'mean', logTarget = false }: F.KlDivOptions = {}) {
    super();
    this.reduction = reduction;
    this.logTarget = logTarget;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.klDiv(input, target, this);
  }
}

/** −log of a Poisson distribution whose rate, or its logarithm, is the input. */
export class PoissonNLLLoss extends Loss {
  readonly logInput: boolean;
  readonly full: boolean;
  eps: number;

  constructor({ logInput = true, full = false, eps = 1e-8, reduction }: F.PoissonNllLossOptions = {}) {
    super({ reduction });
    this.logInput = logInput;
    this.full = full;
    this.eps = eps;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.poissonNllLoss(input, target, this);
  }
}

/** −log of a normal distribution with mean `input` and the variance that forward is given. */
export class GaussianNLLLoss extends Loss {
  readonly full: boolean;
  eps: number;

  constructor({ full = false, eps = 1e-6, reduction }: F.GaussianNllLossOptions = {}) {
    super({ reduction });
    this.full = full;
    this.eps = eps;
  }

  override forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    return F.gaussianNllLoss(input, target, variance, this);
  }
}

/** Connectionist temporal classification (Graves et al. 2006): logProbs [T, N, C] or [T, C]. */
export class CTCLoss extends Loss {
  readonly blank: number;
  readonly zeroInfinity: boolean;

  constructor({ blank = 0, zeroInfinity = false, reduction }: F.CtcLossOptions = {}) {
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
    return F.ctcLoss(logProbs, targets, inputLengths, targetLengths, this);
  }
}
