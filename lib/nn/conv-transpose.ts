// Transposed convolutions: the gradients of convolutions with respect to their input.

import { ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { requireOptions } from '../options.js';
import { floorDiv } from '../python-number.js';
import { sizeText, valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { ConvBase, type ConvOptions } from './conv.js';
import type { Sizes } from './ntuple.js';

export interface ConvTransposeOptions extends Omit<ConvOptions, 'padding'> {
  /** Taken off both sides of the output. */
  padding?: Sizes;
  /** Added to one side of the output. */
  outputPadding?: Sizes;
}

export interface TransposedTo {
  /** Where several sizes convolve to the input's; with or without batch and channels. */
  outputSize?: readonly number[] | null;
}

type Kernel = typeof aten.convTranspose2d;

abstract class ConvTranspose extends ConvBase {
  protected abstract readonly kernel: Kernel;

  constructor(
    dims: number,
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvTransposeOptions,
  ) {
    const { paddingMode = 'zeros' } = options;
    if (paddingMode !== 'zeros') {
      throw new ValueError(`Only "zeros" padding mode is supported for ConvTranspose${dims}d`);
    }
    super(dims, inChannels, outChannels, kernelSize, options);
  }

  override weightShape(): number[] {
    return [this.inChannels, floorDiv(this.outChannels, this.groups), ...this.kernelSize];
  }

  private outputPaddingFor(input: Tensor, asked: readonly number[]): number[] {
    const { stride, dilation, kernelSize } = this;
    const padding = this.padding as number[];
    const dims = kernelSize.length;
    const others = input.dim() === dims + 2 ? 2 : 1;
    const size = asked.length === others + dims ? asked.slice(others) : [...asked];
    if (size.length !== dims) {
      throw new ValueError(
        `ConvTranspose${dims}D: for ${input.dim()}D input, output_size must have ${dims} or ${others + dims} ` +
          `elements (got ${size.length})`,
      );
    }
    const smallest = kernelSize.map(
      (kernel, d) =>
        (input.size(d + others) - 1) * (stride[d] as number) -
        2 * (padding[d] as number) +
        (dilation[d] as number) * (kernel - 1) +
        1,
    );
    const largest = smallest.map((min, d) => min + (stride[d] as number) - 1);
    if (size.some((s, d) => s < (smallest[d] as number) || s > (largest[d] as number))) {
      throw new ValueError(
        `requested an output size of ${valueText(size)}, but valid sizes range from ${valueText(smallest)} to ` +
          `${valueText(largest)} (for an input of ${sizeText(input.shape.slice(2))})`,
      );
    }
    return size.map((s, d) => s - (smallest[d] as number));
  }

  override forward(input: Tensor, { outputSize }: TransposedTo = {}): Tensor {
    const { kernel, weight, bias, stride, groups, dilation } = this;
    const outputPadding = outputSize ? this.outputPaddingFor(input, outputSize) : this.outputPadding;
    return kernel(input, weight, bias, stride, this.padding as number[], outputPadding, groups, dilation);
  }
}

/** [N, in, L] → [N, out, L']. weight: [in, out / groups, k]; bias: [out] or null. */
export class ConvTranspose1d extends ConvTranspose {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvTransposeOptions = {},
  ) {
    requireOptions(new.target, options);
    super(1, inChannels, outChannels, kernelSize, options);
  }

  protected override get kernel(): Kernel {
    return aten.convTranspose1d as Kernel;
  }
}

/** [N, in, H, W] → [N, out, H', W']. weight: [in, out / groups, kH, kW]; bias: [out] or null. */
export class ConvTranspose2d extends ConvTranspose {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvTransposeOptions = {},
  ) {
    requireOptions(new.target, options);
    super(2, inChannels, outChannels, kernelSize, options);
  }

  protected override get kernel(): Kernel {
    return aten.convTranspose2d;
  }
}

/** [N, in, D, H, W] → [N, out, D', H', W']. weight: [in, out / groups, kD, kH, kW]. */
export class ConvTranspose3d extends ConvTranspose {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvTransposeOptions = {},
  ) {
    requireOptions(new.target, options);
    super(3, inChannels, outChannels, kernelSize, options);
  }

  protected override get kernel(): Kernel {
    return aten.convTranspose3d as Kernel;
  }
}
