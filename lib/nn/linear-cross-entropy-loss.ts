import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { requireNames } from '../options.js';
import { tupleText, valueText } from '../python-text.js';
import { float, type Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import { linearCrossEntropy } from './functional/linear-cross-entropy.js';
import {
  type ChunkOptions,
  chunkOptions,
  type LinearCrossEntropyOptions,
} from './functional/linear-cross-entropy-options.js';
import { Linear } from './linear.js';
import { WeightedLoss, type WeightedLossOptions } from './loss.js';

export interface LinearCrossEntropyLossOptions extends WeightedLossOptions, FactoryOptions {
  /** Further dimensions of the loss. */
  outFeatures?: readonly number[];
  bias?: boolean;
  ignoreIndex?: number | null;
  labelSmoothing?: Real;
  /** Computes the batch in chunks, without all logits in memory. */
  options?: LinearCrossEntropyOptions | ChunkOptions | null;
}

/** A linear layer [in] → [classes, ...outFeatures] and the cross entropy of its outputs in one. */
export class LinearCrossEntropyLoss extends WeightedLoss {
  readonly numClasses: number;
  readonly outFeatures: readonly number[];
  readonly ignoreIndex: number | null;
  readonly labelSmoothing: Real;
  linear: Linear;
  readonly options: LinearCrossEntropyOptions | null;

  constructor(inFeatures: number, numClasses: number, given: LinearCrossEntropyLossOptions = {}) {
    requireNames(new.target, given, {
      outFeatures: true,
      bias: true,
      weight: true,
      reduction: true,
      labelSmoothing: true,
      options: true,
      device: true,
      dtype: true,
      ignoreIndex: true,
    });
    const { outFeatures = [], bias = false, weight, reduction, labelSmoothing = float(0), options } = given;
    if (weight && tupleText(weight.shape) !== tupleText([numClasses])) {
      throw new TorchError(
        `expected weight shape to be ${tupleText([numClasses])}, got ${tupleText(weight.shape)}`,
      );
    }
    if (+labelSmoothing < 0 || +labelSmoothing > 1) {
      throw new TorchError(
        `expected label_smoothing to be in range [0, 1], got ${valueText(labelSmoothing)}`,
      );
    }
    super({ weight, reduction });
    this.numClasses = numClasses;
    this.outFeatures = outFeatures;
    this.ignoreIndex = given.ignoreIndex ?? null;
    this.labelSmoothing = labelSmoothing;
    const outputs = outFeatures.reduce((product, size) => product * size, numClasses);
    this.linear = new Linear(inFeatures, outputs, { bias, device: given.device, dtype: given.dtype });
    this.options = chunkOptions(options);
  }

  /** input [N, in] or [in]; target: class indices [N, ...outFeatures], or probabilities [N, classes, ...outFeatures]. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { linear, numClasses, outFeatures, weight, reduction, ignoreIndex, options } = this;
    return scope(() => {
      const shape = [numClasses, ...outFeatures];
      return linearCrossEntropy(input, linear.weight.reshape([...shape, linear.inFeatures]), target, {
        linearBias: linear.bias?.reshape(shape),
        weight,
        reduction,
        ignoreIndex,
        labelSmoothing: +this.labelSmoothing,
        options,
      });
    });
  }

  override extraRepr(): string {
    const { linear, numClasses, outFeatures, reduction, ignoreIndex, labelSmoothing, options } = this;
    return (
      `in_features=${linear.inFeatures}, num_classes=${numClasses}, out_features=${tupleText(outFeatures)}, ` +
      `bias=${valueText(linear.bias !== null)}, reduction=${reduction}, ignore_index=${valueText(ignoreIndex)}, ` +
      `label_smoothing=${valueText(labelSmoothing)}, options=${valueText(options)}`
    );
  }
}
