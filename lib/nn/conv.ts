import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../ops.js';
import { floorDiv } from '../python-number.js';
import { stringRepr, tupleText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import { conv2d, pad } from './functional.js';
import { Module } from './module.js';
import { type Pair, pair } from './pair.js';
import { Parameter } from './parameter.js';
import { drawWeightAndBias } from './reset-parameters.js';

export type ConvPaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

export interface Conv2dOptions extends FactoryOptions {
  stride?: Pair;
  padding?: Pair | 'same' | 'valid';
  dilation?: Pair;
  /** Groups of channels that do not see each other; in = out = groups is a depthwise convolution. */
  groups?: number;
  bias?: boolean;
  paddingMode?: ConvPaddingMode;
}

const paddingModes = ['zeros', 'reflect', 'replicate', 'circular'];

/** 2-D convolution, [N, in, H, W] → [N, out, H', W']. weight: [out, in / groups, kH, kW]; bias: [out] or null. */
export class Conv2d extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;

  readonly kernelSize: [number, number];
  readonly stride: [number, number];
  readonly padding: [number, number] | 'same' | 'valid';
  readonly dilation: [number, number];
  readonly groups: number;
  readonly paddingMode: ConvPaddingMode;

  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: Pair,
    options: Conv2dOptions = {},
  ) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, paddingMode = 'zeros' } = options;
    this.kernelSize = pair(kernelSize);
    this.stride = pair(stride);
    this.padding = typeof padding === 'string' ? padding : pair(padding);
    this.dilation = pair(dilation);
    this.groups = groups;
    this.paddingMode = paddingMode;
    this.#check();
    const { device, dtype } = options;
    const shape = [outChannels, floorDiv(inChannels, groups), ...this.kernelSize];
    this.weight = new Parameter(aten.empty(shape, { dtype, device }));
    this.bias = bias ? new Parameter(aten.empty([outChannels], { dtype, device })) : null;
    this.resetParameters();
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

  /** [left, right, top, bottom] for the padding modes that pad before the convolution. */
  #padding(): number[] {
    if (this.padding === 'valid') return [0, 0, 0, 0];
    if (this.padding !== 'same') return [1, 1, 0, 0].map((side) => this.padding[side] as number);
    return [1, 0].flatMap((side) => {
      const total = (this.dilation[side] as number) * ((this.kernelSize[side] as number) - 1);
      const before = floorDiv(total, 2);
      return [before, total - before];
    });
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias, stride, padding, dilation, groups, paddingMode } = this;
    if (paddingMode === 'zeros') return conv2d(input, weight, { bias, stride, padding, dilation, groups });
    return scope(() => {
      const padded = pad(input, this.#padding(), { mode: paddingMode });
      return conv2d(padded, weight, { bias, stride, dilation, groups });
    });
  }

  override extraRepr(): string {
    const { padding, dilation, groups, paddingMode } = this;
    const parts = [
      `${this.inChannels}, ${this.outChannels}`,
      `kernel_size=${tupleText(this.kernelSize)}, stride=${tupleText(this.stride)}`,
    ];
    if (typeof padding === 'string') parts.push(`padding=${padding}`);
    else if (padding.some((size) => size !== 0)) parts.push(`padding=${tupleText(padding)}`);
    if (dilation.some((size) => size !== 1)) parts.push(`dilation=${tupleText(dilation)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (!this.bias) parts.push('bias=False');
    if (paddingMode !== 'zeros') parts.push(`padding_mode=${paddingMode}`);
    return parts.join(', ');
  }
}
