import { tupleText, valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { adaptiveAvgPool2d, maxPool2d, type OutputSize } from './functional.js';
import { Module } from './module.js';
import type { Pair } from './pair.js';

function sizeText(size: OutputSize): string {
  return typeof size === 'number' ? String(size) : tupleText(size);
}

export interface MaxPool2dOptions {
  /** The kernel size, if not given. */
  stride?: Pair | null;
  padding?: Pair;
  dilation?: Pair;
  ceilMode?: boolean;
}

/** Maximum over windows of [N, C, H, W]; with indices: `functional.maxPool2d(x, k, { returnIndices: true })`. */
export class MaxPool2d extends Module {
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly ceilMode: boolean;

  constructor(
    readonly kernelSize: Pair,
    { stride, padding = 0, dilation = 1, ceilMode = false }: MaxPool2dOptions = {},
  ) {
    super();
    this.stride = stride ?? kernelSize;
    this.padding = padding;
    this.dilation = dilation;
    this.ceilMode = ceilMode;
  }

  override forward(input: Tensor): Tensor {
    const { stride, padding, dilation, ceilMode } = this;
    return maxPool2d(input, this.kernelSize, { stride, padding, dilation, ceilMode });
  }

  override extraRepr(): string {
    return (
      `kernel_size=${sizeText(this.kernelSize)}, stride=${sizeText(this.stride)}, ` +
      `padding=${sizeText(this.padding)}, dilation=${sizeText(this.dilation)}, ceil_mode=${valueText(this.ceilMode)}`
    );
  }
}

/** Average over as many windows as the output has cells; size 1 is the global average. */
export class AdaptiveAvgPool2d extends Module {
  constructor(readonly outputSize: OutputSize) {
    super();
  }

  override forward(input: Tensor): Tensor {
    return adaptiveAvgPool2d(input, this.outputSize);
  }

  override extraRepr(): string {
    return `output_size=${sizeText(this.outputSize)}`;
  }
}
