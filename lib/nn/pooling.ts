// Windows that take the maximum or an average; adaptive and fractional ones are in adaptive-pooling.ts.

import { aten } from '../operators/ops.js';
import { requireKnown, requireOptions } from '../options.js';
import { valueText } from '../python-text.js';
import type { Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { lpPool1d, lpPool2d, lpPool3d, maxPool1d, maxPool2d, maxPool3d } from './functional.js';
import { Module } from './module.js';
import { ntuple, type Sizes, sizesText } from './ntuple.js';

/** Indices are told by the option's type: `new MaxPool2d(2, { returnIndices: true }).forward(x)` is [values, indices]. */
export type Pooled<I extends boolean> = I extends true ? [values: Tensor, indices: Tensor] : Tensor;

export interface MaxPoolOptions<I extends boolean = false> {
  /** The kernel size, if not given. */
  stride?: Sizes | null;
  padding?: Sizes;
  dilation?: Sizes;
  ceilMode?: boolean;
  /** Gives the maxima's places too, for MaxUnpool. */
  returnIndices?: I;
}

type MaxPool = typeof maxPool2d;

abstract class MaxPoolBase<I extends boolean> extends Module {
  stride: Sizes;
  padding: Sizes;
  dilation: Sizes;
  readonly returnIndices: boolean;
  readonly ceilMode: boolean;

  constructor(
    readonly kernelSize: Sizes,
    options: MaxPoolOptions<I> = {},
  ) {
    const { stride, padding = 0, dilation = 1, ceilMode = false, returnIndices, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.stride = stride ?? kernelSize;
    this.padding = padding;
    this.dilation = dilation;
    this.returnIndices = returnIndices ?? false;
    this.ceilMode = ceilMode;
  }

  protected pool(kernel: MaxPool, input: Tensor): Pooled<I> {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    // Which overload it is only the field says.
    const { returnIndices } = this as { returnIndices: true };
    return kernel(input, kernelSize, { stride, padding, dilation, ceilMode, returnIndices }) as Pooled<I>;
  }

  override extraRepr(): string {
    return (
      `kernel_size=${sizesText(this.kernelSize)}, stride=${sizesText(this.stride)}, ` +
      `padding=${sizesText(this.padding)}, dilation=${sizesText(this.dilation)}, ceil_mode=${valueText(this.ceilMode)}`
    );
  }
}

/** Maximum over windows of [N, C, L]. */
export class MaxPool1d<I extends boolean = false> extends MaxPoolBase<I> {
  override forward(input: Tensor): Pooled<I> {
    return this.pool(maxPool1d, input);
  }
}

/** Maximum over windows of [N, C, H, W]. */
export class MaxPool2d<I extends boolean = false> extends MaxPoolBase<I> {
  override forward(input: Tensor): Pooled<I> {
    return this.pool(maxPool2d, input);
  }
}

/** Maximum over windows of [N, C, D, H, W]. */
export class MaxPool3d<I extends boolean = false> extends MaxPoolBase<I> {
  override forward(input: Tensor): Pooled<I> {
    return this.pool(maxPool3d, input);
  }
}

export interface AvgPool1dOptions {
  /** The kernel size, if not given. */
  stride?: Sizes | null;
  padding?: Sizes;
  ceilMode?: boolean;
  /** Padding counts as zeros in the average. */
  countIncludePad?: boolean;
}

export interface AvgPoolOptions extends AvgPool1dOptions {
  /** Divides by this instead of by the window's size. */
  divisorOverride?: number | null;
}

abstract class AvgPoolBase extends Module {
  readonly kernelSize: Sizes;
  stride: Sizes;
  padding: Sizes;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;

  constructor(kernelSize: Sizes, options: AvgPool1dOptions = {}) {
    const { stride, padding = 0, ceilMode = false, countIncludePad = true, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.kernelSize = kernelSize;
    this.stride = stride ?? kernelSize;
    this.padding = padding;
    this.ceilMode = ceilMode;
    this.countIncludePad = countIncludePad;
  }

  override extraRepr(): string {
    const [kernel, stride] = [sizesText(this.kernelSize), sizesText(this.stride)];
    return `kernel_size=${kernel}, stride=${stride}, padding=${sizesText(this.padding)}`;
  }
}

/** Average over windows of [N, C, L]. */
export class AvgPool1d extends AvgPoolBase {
  constructor(kernelSize: Sizes, options: AvgPool1dOptions = {}) {
    requireOptions(new.target, options);
    const { stride, padding = 0 } = options;
    super(ntuple(kernelSize, 1), {
      ...options,
      stride: stride == null ? null : ntuple(stride, 1),
      padding: ntuple(padding, 1),
    });
  }

  override forward(input: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad } = this;
    return aten.avgPool1d(input, kernelSize, stride, padding, ceilMode, countIncludePad);
  }
}

abstract class AvgPoolWithDivisor extends AvgPoolBase {
  readonly divisorOverride: number | null;

  constructor(kernelSize: Sizes, options: AvgPoolOptions = {}) {
    requireOptions(new.target, options);
    const { divisorOverride = null, ...others } = options;
    super(kernelSize, others);
    this.divisorOverride = divisorOverride;
  }

  protected pool(kernel: typeof aten.avgPool2d, input: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    return kernel(input, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride);
  }
}

/** Average over windows of [N, C, H, W]. */
export class AvgPool2d extends AvgPoolWithDivisor {
  override forward(input: Tensor): Tensor {
    return this.pool(aten.avgPool2d, input);
  }
}

/** Average over windows of [N, C, D, H, W]. */
export class AvgPool3d extends AvgPoolWithDivisor {
  override forward(input: Tensor): Tensor {
    return this.pool(aten.avgPool3d as typeof aten.avgPool2d, input);
  }
}

export interface LPPoolOptions {
  stride?: Sizes | null;
  ceilMode?: boolean;
}

abstract class LPPool extends Module {
  stride: Sizes | null;
  readonly ceilMode: boolean;

  constructor(
    readonly normType: Real,
    readonly kernelSize: Sizes,
    options: LPPoolOptions = {},
  ) {
    const { stride = null, ceilMode = false, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.stride = stride;
    this.ceilMode = ceilMode;
  }

  protected pool(kernel: typeof lpPool2d, input: Tensor): Tensor {
    const { stride, ceilMode } = this;
    return kernel(input, +this.normType, this.kernelSize, { stride, ceilMode });
  }

  override extraRepr(): string {
    return (
      `norm_type=${valueText(this.normType)}, kernel_size=${sizesText(this.kernelSize)}, ` +
      `stride=${sizesText(this.stride)}, ceil_mode=${valueText(this.ceilMode)}`
    );
  }
}

/** The p-norm over windows of [N, C, L]. */
export class LPPool1d extends LPPool {
  override forward(input: Tensor): Tensor {
    return this.pool(lpPool1d, input);
  }
}

/** The p-norm over windows of [N, C, H, W]. */
export class LPPool2d extends LPPool {
  override forward(input: Tensor): Tensor {
    return this.pool(lpPool2d, input);
  }
}

/** The p-norm over windows of [N, C, D, H, W]. */
export class LPPool3d extends LPPool {
  override forward(input: Tensor): Tensor {
    return this.pool(lpPool3d, input);
  }
}
