// Pooling by the size of the output: adaptive and fractional, and what undoes max pooling.

import { ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { type Names, requireKnown, requireNames, requireOptions } from '../options.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import {
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  fractionalMaxPool2d,
  fractionalMaxPool3d,
  maxUnpool1d,
  maxUnpool2d,
  maxUnpool3d,
  type OutputSize,
} from './functional.js';
import { Module } from './module.js';
import { ntuple, type Sizes, sizesText } from './ntuple.js';
import type { Pooled } from './pooling.js';

abstract class Adaptive extends Module {
  constructor(readonly outputSize: OutputSize) {
    super();
  }

  override extraRepr(): string {
    return `output_size=${sizesText(this.outputSize)}`;
  }
}

/** Average over as many windows of [N, C, L] as the output has cells. */
export class AdaptiveAvgPool1d extends Adaptive {
  override forward(input: Tensor): Tensor {
    return aten.adaptiveAvgPool1d(input, this.outputSize as Sizes);
  }
}

/** Average over as many windows as the output has cells; size 1 is the global average. */
export class AdaptiveAvgPool2d extends Adaptive {
  override forward(input: Tensor): Tensor {
    return adaptiveAvgPool2d(input, this.outputSize);
  }
}

/** Average over as many windows of [N, C, D, H, W] as the output has cells. */
export class AdaptiveAvgPool3d extends Adaptive {
  override forward(input: Tensor): Tensor {
    return adaptiveAvgPool3d(input, this.outputSize);
  }
}

abstract class AdaptiveMaxPool<I extends boolean> extends Adaptive {
  readonly returnIndices: boolean;

  constructor(outputSize: OutputSize, options: { returnIndices?: I } = {}) {
    const { returnIndices, ...others } = options;
    requireKnown(new.target, options, others);
    super(outputSize);
    this.returnIndices = returnIndices ?? false;
  }

  protected pool(kernel: typeof adaptiveMaxPool2d, input: Tensor): Pooled<I> {
    // Which overload it is only the field says.
    const { returnIndices } = this as { returnIndices: true };
    return kernel(input, this.outputSize, { returnIndices }) as Pooled<I>;
  }
}

/** Maximum over as many windows of [N, C, L] as the output has cells. */
export class AdaptiveMaxPool1d<I extends boolean = false> extends AdaptiveMaxPool<I> {
  override forward(input: Tensor): Pooled<I> {
    return this.pool(adaptiveMaxPool1d, input);
  }
}

/** Maximum over as many windows of [N, C, H, W] as the output has cells. */
export class AdaptiveMaxPool2d<I extends boolean = false> extends AdaptiveMaxPool<I> {
  override forward(input: Tensor): Pooled<I> {
    return this.pool(adaptiveMaxPool2d, input);
  }
}

/** Maximum over as many windows of [N, C, D, H, W] as the output has cells. */
export class AdaptiveMaxPool3d<I extends boolean = false> extends AdaptiveMaxPool<I> {
  override forward(input: Tensor): Pooled<I> {
    return this.pool(adaptiveMaxPool3d, input);
  }
}

export interface FractionalMaxPoolOptions<I extends boolean = false> {
  /** Either this or `outputRatio`. */
  outputSize?: Sizes | null;
  /** Between 0 and 1. */
  outputRatio?: Sizes | null;
  returnIndices?: I;
  /** Where the windows begin; drawn at each forward when not given. */
  _randomSamples?: Tensor | null;
}

abstract class FractionalMaxPool<I extends boolean> extends Module {
  readonly kernelSize: number[];
  readonly returnIndices: boolean;
  /** In the spelling of files, where it is a key. */
  readonly _random_samples: Tensor | null;
  readonly outputSize: number[] | null;
  readonly outputRatio: number[] | null;

  constructor(dims: number, kernelSize: Sizes, options: FractionalMaxPoolOptions<I>) {
    super();
    const { outputSize = null, outputRatio = null, returnIndices, _randomSamples = null } = options;
    this.kernelSize = ntuple(kernelSize, dims);
    this.returnIndices = returnIndices ?? false;
    this._random_samples = this.registerBuffer('_random_samples', _randomSamples);
    this.outputSize = outputSize === null ? null : ntuple(outputSize, dims);
    this.outputRatio = outputRatio === null ? null : ntuple(outputRatio, dims);
    if (outputSize === null && outputRatio === null) {
      const { name } = this.constructor;
      throw new ValueError(`${name} requires specifying either an output size, or a pooling ratio`);
    }
    if (outputSize !== null && outputRatio !== null) {
      throw new ValueError('only one of output_size and output_ratio may be specified');
    }
    if (this.outputRatio?.some((ratio) => !(ratio > 0 && ratio < 1))) {
      throw new ValueError(`output_ratio must be between 0 and 1 (got ${valueText(outputRatio)})`);
    }
  }

  protected pool(kernel: typeof fractionalMaxPool2d, input: Tensor): Pooled<I> {
    const { outputSize, outputRatio, returnIndices, _random_samples: _randomSamples } = this;
    const options = { outputSize, outputRatio, returnIndices, _randomSamples };
    return kernel(input, this.kernelSize, options) as Pooled<I>;
  }
}

/** Maxima of windows at random places of [N, C, H, W] (Graham 2014). */
export class FractionalMaxPool2d<I extends boolean = false> extends FractionalMaxPool<I> {
  constructor(kernelSize: Sizes, options: FractionalMaxPoolOptions<I> = {}) {
    requireNames(new.target, options, {
      outputSize: true,
      outputRatio: true,
      returnIndices: true,
      _randomSamples: true,
    });
    super(2, kernelSize, options);
  }

  override forward(input: Tensor): Pooled<I> {
    return this.pool(fractionalMaxPool2d, input);
  }
}

/** Maxima of windows at random places of [N, C, D, H, W]. */
export class FractionalMaxPool3d<I extends boolean = false> extends FractionalMaxPool<I> {
  constructor(kernelSize: Sizes, options: FractionalMaxPoolOptions<I> = {}) {
    requireNames(new.target, options, {
      outputSize: true,
      outputRatio: true,
      returnIndices: true,
      _randomSamples: true,
    });
    if (ntuple(kernelSize, 3).some((size) => size <= 0)) {
      throw new ValueError(`kernel_size must be greater than 0, but got ${sizesText(kernelSize)}`);
    }
    super(3, kernelSize, options);
  }

  override forward(input: Tensor): Pooled<I> {
    return this.pool(fractionalMaxPool3d, input);
  }
}

export interface MaxUnpoolOptions {
  /** The kernel size, if not given. */
  stride?: Sizes | null;
  padding?: Sizes;
}

abstract class MaxUnpool extends Module {
  readonly kernelSize: number[];
  stride: number[];
  padding: number[];

  constructor(dims: number, kernelSize: Sizes, options: MaxUnpoolOptions = {}) {
    const { stride, padding = 0, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.kernelSize = ntuple(kernelSize, dims);
    this.stride = ntuple(stride ?? kernelSize, dims);
    this.padding = ntuple(padding, dims);
  }

  protected unpool(
    kernel: typeof maxUnpool2d,
    input: Tensor,
    indices: Tensor,
    outputSize: readonly number[] | null | undefined,
  ): Tensor {
    const { stride, padding } = this;
    return kernel(input, indices, this.kernelSize, { stride, padding, outputSize });
  }

  override extraRepr(): string {
    const [kernel, stride] = [sizesText(this.kernelSize), sizesText(this.stride)];
    return `kernel_size=${kernel}, stride=${stride}, padding=${sizesText(this.padding)}`;
  }
}

export interface UnpoolTo {
  /** Where several sizes pool to the same one; with or without batch and channel. */
  outputSize?: readonly number[] | null;
}

const unpoolToNames: Names<UnpoolTo> = { outputSize: true };

/** Puts the maxima of MaxPool1d back to their places in [N, C, L], zeros elsewhere. */
export class MaxUnpool1d extends MaxUnpool {
  constructor(kernelSize: Sizes, options: MaxUnpoolOptions = {}) {
    requireOptions(new.target, options);
    super(1, kernelSize, options);
  }

  override forward(input: Tensor, indices: Tensor, options: UnpoolTo = {}): Tensor {
    requireNames(this.forward, options, unpoolToNames);
    const { outputSize } = options;
    return this.unpool(maxUnpool1d, input, indices, outputSize);
  }
}

/** Puts the maxima of MaxPool2d back to their places in [N, C, H, W], zeros elsewhere. */
export class MaxUnpool2d extends MaxUnpool {
  constructor(kernelSize: Sizes, options: MaxUnpoolOptions = {}) {
    requireOptions(new.target, options);
    super(2, kernelSize, options);
  }

  override forward(input: Tensor, indices: Tensor, options: UnpoolTo = {}): Tensor {
    requireNames(this.forward, options, unpoolToNames);
    const { outputSize } = options;
    return this.unpool(maxUnpool2d, input, indices, outputSize);
  }
}

/** Puts the maxima of MaxPool3d back to their places in [N, C, D, H, W], zeros elsewhere. */
export class MaxUnpool3d extends MaxUnpool {
  constructor(kernelSize: Sizes, options: MaxUnpoolOptions = {}) {
    requireOptions(new.target, options);
    super(3, kernelSize, options);
  }

  override forward(input: Tensor, indices: Tensor, options: UnpoolTo = {}): Tensor {
    requireNames(this.forward, options, unpoolToNames);
    const { outputSize } = options;
    return this.unpool(maxUnpool3d, input, indices, outputSize);
  }
}
