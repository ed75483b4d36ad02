// Convolutions; their transposes are in conv-transpose.ts.

import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireKnown, requireOptions } from '../options.js';
import { floorDiv } from '../python-number.js';
import { stringRepr, tupleText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import { pad } from './functional/padding.js';
import { Module } from './module.js';
import { ntuple, type Sizes } from './ntuple.js';
import { Parameter } from './parameter.js';
import { drawWeightAndBias } from './reset-parameters.js';

export type ConvPaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

export interface ConvOptions extends FactoryOptions {
  stride?: Sizes;
  padding?: Sizes | 'same' | 'valid';
  dilation?: Sizes;
  /** Groups of channels that do not see each other; in = out = groups is a depthwise convolution. */
  groups?: number;
  bias?: boolean;
  paddingMode?: ConvPaddingMode;
}

export type Conv2dOptions = ConvOptions;

const paddingModes = ['zeros', 'reflect', 'replicate', 'circular'];

/** What all convolutions share (PyTorch's `_ConvNd`). */
export abstract class ConvBase extends Module {
  weight: Parameter;
  bias: Parameter | null;

  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: number[];
  stride: number[];
  padding: number[] | 'same' | 'valid';
  dilation: number[];
  readonly outputPadding: number[];
  readonly groups: number;
  readonly paddingMode: ConvPaddingMode;

  constructor(
    dims: number,
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvOptions & { outputPadding?: Sizes },
  ) {
    super();
    const {
      stride = 1,
      padding = 0,
      dilation = 1,
      groups = 1,
      bias = true,
      paddingMode = 'zeros',
      ...rest
    } = options;
    const { outputPadding = 0, device, dtype, ...others } = rest;
    requireKnown(new.target, options, others);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = ntuple(kernelSize, dims);
    this.stride = ntuple(stride, dims);
    this.padding = typeof padding === 'string' ? padding : ntuple(padding, dims);
    this.dilation = ntuple(dilation, dims);
    this.outputPadding = ntuple(outputPadding, dims);
    this.groups = groups;
    this.paddingMode = paddingMode;
    this.#check();
    this.weight = new Parameter(aten.empty(this.weightShape(), { dtype, device }));
    this.bias = bias ? new Parameter(aten.empty([outChannels], { dtype, device })) : null;
    this.resetParameters();
  }

  /** The shape of the weight for the channels as they are now. */
  weightShape(): number[] {
    return [this.outChannels, floorDiv(this.inChannels, this.groups), ...this.kernelSize];
  }

  #check(): void {
    const { inChannels, outChannels, groups, padding, paddingMode } = this;
    if (groups <= 0) throw new ValueError('groups must be a positive integer');
    if (inChannels % groups !== 0) throw new ValueError('in_channels must be divisible by groups');
    if (outChannels % groups !== 0) throw new ValueError('out_channels must be divisible by groups');
    if (typeof padding === 'string' && padding !== 'same' && padding !== 'valid') {
      throw new ValueError(
        `Invalid padding string ${stringRepr(padding)}, should be one of {'same', 'valid'}`,
      );
    }
    if (padding === 'same' && this.stride.some((step) => step !== 1)) {
      throw new ValueError("padding='same' is not supported for strided convolutions");
    }
    if (!paddingModes.includes(paddingMode)) {
      throw new ValueError(
        `padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, ` +
          `but got padding_mode='${paddingMode}'`,
      );
    }
  }

  resetParameters(): void {
    drawWeightAndBias(this.weight, this.bias);
  }

  override extraRepr(): string {
    const { padding, dilation, outputPadding, groups, paddingMode } = this;
    const parts = [
      `${this.inChannels}, ${this.outChannels}`,
      `kernel_size=${tupleText(this.kernelSize)}, stride=${tupleText(this.stride)}`,
    ];
    if (typeof padding === 'string') parts.push(`padding=${padding}`);
    else if (padding.some((size) => size !== 0)) parts.push(`padding=${tupleText(padding)}`);
    if (dilation.some((size) => size !== 1)) parts.push(`dilation=${tupleText(dilation)}`);
    if (outputPadding.some((size) => size !== 0)) parts.push(`output_padding=${tupleText(outputPadding)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (!this.bias) parts.push('bias=False');
    if (paddingMode !== 'zeros') parts.push(`padding_mode=${paddingMode}`);
    return parts.join(', ');
  }
}

type Kernel = typeof aten.conv2d;

abstract class Conv extends ConvBase {
  protected abstract readonly kernel: Kernel;

  /** [left, right, top, bottom, ...] for the padding modes that pad before the convolution. */
  private sides(): number[] {
    const { padding, kernelSize, dilation } = this;
    const spatial = [...kernelSize.keys()].reverse();
    if (padding === 'valid') return spatial.flatMap(() => [0, 0]);
    if (padding !== 'same') return spatial.flatMap((d) => [padding[d] as number, padding[d] as number]);
    return spatial.flatMap((d) => {
      const total = (dilation[d] as number) * ((kernelSize[d] as number) - 1);
      const before = floorDiv(total, 2);
      return [before, total - before];
    });
  }

  override forward(input: Tensor): Tensor {
    const { kernel, weight, bias, stride, dilation, groups, paddingMode } = this;
    if (paddingMode === 'zeros') {
      return kernel(input, weight, bias, stride, this.padding as number[], dilation, groups);
    }
    return scope(() => {
      const padded = pad(input, this.sides(), { mode: paddingMode });
      return kernel(padded, weight, bias, stride, 0, dilation, groups);
    });
  }
}

/** 1-D convolution, [N, in, L] → [N, out, L']. weight: [out, in / groups, k]; bias: [out] or null. */
export class Conv1d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    requireOptions(new.target, options);
    super(1, inChannels, outChannels, kernelSize, options);
  }

  protected override get kernel(): Kernel {
    return aten.conv1d as Kernel;
  }
}

/** 2-D convolution, [N, in, H, W] → [N, out, H', W']. weight: [out, in / groups, kH, kW]; bias: [out] or null. */
export class Conv2d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    requireOptions(new.target, options);
    super(2, inChannels, outChannels, kernelSize, options);
  }

  protected override get kernel(): Kernel {
    return aten.conv2d;
  }
}

/** 3-D convolution, [N, in, D, H, W] → [N, out, D', H', W']. weight: [out, in / groups, kD, kH, kW]. */
export class Conv3d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    requireOptions(new.target, options);
    super(3, inChannels, outChannels, kernelSize, options);
  }

  protected override get kernel(): Kernel {
    return aten.conv3d as Kernel;
  }
}
