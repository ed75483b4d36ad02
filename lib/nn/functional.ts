// torch.nn.functional: the operators of the layers with Python's defaults and checks.

import { cudnn } from '../backends.js';
import type { DType } from '../dtype.js';
import { ValueError } from '../errors.js';
import { aten } from '../ops.js';
import { sizeText, valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import type { Pair } from './pair.js';
import { type Reduction, reductionNumber } from './reduction.js';

export interface ConvOptions {
  bias?: Tensor | null;
  stride?: Pair;
  /** 'same' (stride 1 only) and 'valid' as in Python. */
  padding?: Pair | 'same' | 'valid';
  dilation?: Pair;
  groups?: number;
}

/** input [N, C, H, W], weight [out, C / groups, kH, kW]. */
export function conv2d(input: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor {
  const { bias = null, stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  if (typeof padding === 'string') return aten.conv2d(input, weight, bias, stride, padding, dilation, groups);
  return aten.conv2d(input, weight, bias, stride, padding, dilation, groups);
}

/** input [*, in], weight [out, in], bias [out]. */
export function linear(input: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  return aten.linear(input, weight, bias);
}

export function relu(input: Tensor, { inplace = false } = {}): Tensor {
  return inplace ? input.relu_() : input.relu();
}

function checkProbability(p: number): void {
  if (p < 0 || p > 1) {
    throw new ValueError(`dropout probability has to be between 0 and 1, but got ${valueText(p)}`);
  }
}

export interface DropoutOptions {
  p?: number;
  training?: boolean;
  inplace?: boolean;
}

/** Zeroes elements with probability `p` and scales the others by 1 / (1 − p); draws nothing when p is 0. */
export function dropout(input: Tensor, options: DropoutOptions = {}): Tensor {
  const { p = 0.5, training = true, inplace = false } = options;
  checkProbability(p);
  return inplace ? aten.dropout_(input, p, training) : aten.dropout(input, p, training);
}

export interface MaxPoolOptions {
  /** The kernel size, if not given. */
  stride?: Pair | null;
  padding?: Pair;
  dilation?: Pair;
  ceilMode?: boolean;
}

export function maxPool2d(input: Tensor, kernelSize: Pair, options: MaxPoolOptions = {}): Tensor {
  const { stride, padding = 0, dilation = 1, ceilMode = false } = options;
  return aten.maxPool2d(input, kernelSize, stride ?? [], padding, dilation, ceilMode);
}

/** Output size [height, width]; null keeps the input's. */
export type OutputSize = number | readonly [height: number | null, width: number | null];

export function adaptiveAvgPool2d(input: Tensor, outputSize: OutputSize): Tensor {
  if (typeof outputSize === 'number') return aten.adaptiveAvgPool2d(input, outputSize);
  if (input.dim() <= outputSize.length) {
    throw new ValueError(`Input dimension should be at least ${outputSize.length + 1}`);
  }
  const [height, width] = input.shape.slice(-2);
  return aten.adaptiveAvgPool2d(input, [outputSize[0] ?? height, outputSize[1] ?? width] as [number, number]);
}

export interface BatchNormOptions {
  weight?: Tensor | null;
  bias?: Tensor | null;
  training?: boolean;
  momentum?: number;
  eps?: number;
}

/** Normalises each channel, by the batch's statistics in training (then the running ones are updated in place). */
export function batchNorm(
  input: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  options: BatchNormOptions = {},
): Tensor {
  const { weight = null, bias = null, training = false, momentum = 0.1, eps = 1e-5 } = options;
  if (training) {
    const [batch = 1, , ...spatial] = input.shape;
    if (spatial.reduce((product, size) => product * size, batch) === 1) {
      throw new ValueError(
        `Expected more than 1 value per channel when training, got input size ${sizeText(input.shape)}`,
      );
    }
    if (eps <= 0)
      throw new ValueError(`batch_norm eps must be positive during training, but got ${valueText(eps)}`);
  }
  if (eps < 0) throw new ValueError(`batch_norm eps must be non-negative, but got ${valueText(eps)}`);
  return aten.batchNorm(input, weight, bias, runningMean, runningVar, training, momentum, eps, cudnn.enabled);
}

function softmaxDim(name: string, input: Tensor): number {
  process.emitWarning(
    `Implicit dimension choice for ${name} has been deprecated. Change the call to include dim=X as an argument.`,
    'UserWarning',
  );
  return [0, 1, 3].includes(input.dim()) ? 0 : 1;
}

export function softmax(
  input: Tensor,
  dim?: number | null,
  { dtype }: { dtype?: DType | null } = {},
): Tensor {
  return input.softmax(dim ?? softmaxDim('softmax', input), dtype);
}

export function logSoftmax(
  input: Tensor,
  dim?: number | null,
  { dtype }: { dtype?: DType | null } = {},
): Tensor {
  return input.logSoftmax(dim ?? softmaxDim('log_softmax', input), dtype);
}

export interface NllLossOptions {
  /** A weight for each class, [C]. */
  weight?: Tensor | null;
  ignoreIndex?: number;
  reduction?: Reduction;
}

export interface CrossEntropyOptions extends NllLossOptions {
  labelSmoothing?: number;
}

/** input: logits [N, C, ...]; target: int64 class indices [N, ...], or probabilities shaped like input. */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { weight, ignoreIndex = -100, reduction = 'mean', labelSmoothing = 0 } = options;
  return aten.crossEntropyLoss(
    input,
    target,
    weight,
    reductionNumber(reduction),
    ignoreIndex,
    labelSmoothing,
  );
}

/** input: log-probabilities [N, C, ...]; target: int64 class indices [N, ...]. */
export function nllLoss(input: Tensor, target: Tensor, options: NllLossOptions = {}): Tensor {
  const { weight, ignoreIndex = -100, reduction = 'mean' } = options;
  return aten.nllLossNd(input, target, weight, reductionNumber(reduction), ignoreIndex);
}

export type PaddingMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/** `padding` starts from the last dimension: [left, right, top, bottom]. `value` is for 'constant'. */
export function pad(
  input: Tensor,
  padding: readonly number[],
  { mode = 'constant', value }: { mode?: PaddingMode; value?: number | null } = {},
): Tensor {
  return aten.pad(input, padding, mode, value);
}
