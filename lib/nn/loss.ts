import type { Tensor } from '../tensor.js';
import { type CrossEntropyOptions, crossEntropy } from './functional.js';
import { Module } from './module.js';
import type { Reduction } from './reduction.js';

/** Cross entropy between logits [N, C, ...] and class indices [N, ...] or class probabilities [N, C, ...]. */
export class CrossEntropyLoss extends Module {
  /** A weight for each class, [C]; a buffer, so that it moves with the module. */
  readonly weight: Tensor | null;
  readonly ignoreIndex: number;
  readonly reduction: Reduction;
  readonly labelSmoothing: number;

  constructor(options: CrossEntropyOptions = {}) {
    super();
    const { weight = null, ignoreIndex = -100, reduction = 'mean', labelSmoothing = 0 } = options;
    this.weight = this.registerBuffer('weight', weight);
    this.ignoreIndex = ignoreIndex;
    this.reduction = reduction;
    this.labelSmoothing = labelSmoothing;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}
