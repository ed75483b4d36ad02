import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { fold, unfold } from './functional/convolution.js';
import { Module } from './module.js';
import { sizesText } from './ntuple.js';
import type { Pair } from './pair.js';

export interface WindowOptions {
  dilation?: Pair;
  padding?: Pair;
  stride?: Pair;
}

abstract class Windows extends Module {
  dilation: Pair;
  padding: Pair;
  stride: Pair;

  constructor(
    readonly kernelSize: Pair,
    { dilation = 1, padding = 0, stride = 1 }: WindowOptions,
  ) {
    super();
    this.dilation = dilation;
    this.padding = padding;
    this.stride = stride;
  }

  override extraRepr(): string {
    const [kernel, dilation] = [sizesText(this.kernelSize), sizesText(this.dilation)];
    const [padding, stride] = [sizesText(this.padding), sizesText(this.stride)];
    return `kernel_size=${kernel}, dilation=${dilation}, padding=${padding}, stride=${stride}`;
  }
}

/** The windows of [N, C, H, W] as columns: [N, C · kH · kW, L]. */
export class Unfold extends Windows {
  constructor(kernelSize: Pair, options: WindowOptions = {}) {
    requireNames(new.target, options, { dilation: true, padding: true, stride: true });
    super(kernelSize, options);
  }

  override forward(input: Tensor): Tensor {
    const { dilation, padding, stride } = this;
    return unfold(input, this.kernelSize, { dilation, padding, stride });
  }
}

/** Sums columns back to an image of `outputSize`: the transpose of Unfold. */
export class Fold extends Windows {
  readonly outputSize: Pair;

  constructor(outputSize: Pair, kernelSize: Pair, options: WindowOptions = {}) {
    requireNames(new.target, options, { dilation: true, padding: true, stride: true });
    super(kernelSize, options);
    this.outputSize = outputSize;
  }

  override forward(input: Tensor): Tensor {
    const { dilation, padding, stride } = this;
    return fold(input, this.outputSize, this.kernelSize, { dilation, padding, stride });
  }

  override extraRepr(): string {
    return `output_size=${sizesText(this.outputSize)}, ${super.extraRepr()}`;
  }
}
