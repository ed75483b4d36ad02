// Convolutions, and the windows they slide over.

import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { type Pair, pair } from '../pair.js';

export const {
  bilinear,
  conv1d,
  conv3d,
  convTbc,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  linear,
} = aten;

export interface ConvOptions {
  bias?: Tensor | null;
  stride?: Pair;
  /** 'same' (stride 1 only) and 'valid' as in Python. */
  padding?: Pair | 'same' | 'valid';
  dilation?: Pair;
  groups?: number;
}

/** input [N, C, H, W], weight [out, C / groups, kH, kW]. */
export const conv2d = aten.conv2d as typeof aten.conv2d &
  ((input: Tensor, weight: Tensor, options: ConvOptions) => Tensor);

export interface WindowOptions {
  dilation?: Pair;
  padding?: Pair;
  stride?: Pair;
}

const windowNames: Names<WindowOptions> = { dilation: true, padding: true, stride: true };

/** The windows of [N, C, H, W] as columns: [N, C · kH · kW, L]. */
export function unfold(input: Tensor, kernelSize: Pair, options: WindowOptions = {}): Tensor {
  requireNames(unfold, options, windowNames);
  const { dilation = 1, padding = 0, stride = 1 } = options;
  return aten.im2col(input, pair(kernelSize), pair(dilation), pair(padding), pair(stride));
}

/** Sums columns back to an image of `outputSize`: the transpose of `unfold`. */
export function fold(input: Tensor, outputSize: Pair, kernelSize: Pair, options: WindowOptions = {}): Tensor {
  requireNames(fold, options, windowNames);
  const { dilation = 1, padding = 0, stride = 1 } = options;
  const [size, kernel] = [pair(outputSize), pair(kernelSize)];
  return aten.col2im(input, size, kernel, pair(dilation), pair(padding), pair(stride));
}
