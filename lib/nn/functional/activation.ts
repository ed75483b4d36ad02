// Activations that have an in-place form, a check or a default of Python's.

import type { DType } from '../../dtype.js';
import { TorchError, ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { contiguousFormat } from '../../memory-format.js';
import { aten } from '../../operators/ops.js';
import { requireOptions } from '../../options.js';
import { float } from '../../scalar.js';
import type { Tensor } from '../../tensor.js';
import { warn } from '../../warn.js';

export const { gelu, hardshrink, prelu, softplus, softshrink, tanh, sigmoid } = aten;
export const logsigmoid = aten.logSigmoid;
export const { celu_, elu_, hardtanh_, leakyRelu_, relu_, rrelu_, selu_, threshold_ } = aten;

interface Inplace {
  inplace?: boolean;
}

export function relu(input: Tensor, options: Inplace = {}): Tensor {
  requireOptions(relu, options);
  const { inplace = false } = options;
  return inplace ? input.relu_() : input.relu();
}

export function relu6(input: Tensor, options: Inplace = {}): Tensor {
  requireOptions(relu6, options);
  const { inplace = false } = options;
  return inplace ? aten.relu6_(input) : aten.relu6(input);
}

export function elu(input: Tensor, options: Inplace & { alpha?: number } = {}): Tensor {
  requireOptions(elu, options);
  const { alpha = 1, inplace = false } = options;
  return inplace ? aten.elu_(input, float(alpha)) : aten.elu(input, float(alpha));
}

export function selu(input: Tensor, options: Inplace = {}): Tensor {
  requireOptions(selu, options);
  const { inplace = false } = options;
  return inplace ? aten.selu_(input) : aten.selu(input);
}

export function celu(input: Tensor, options: Inplace & { alpha?: number } = {}): Tensor {
  requireOptions(celu, options);
  const { alpha = 1, inplace = false } = options;
  return inplace ? aten.celu_(input, float(alpha)) : aten.celu(input, float(alpha));
}

export function leakyRelu(input: Tensor, options: Inplace & { negativeSlope?: number } = {}): Tensor {
  requireOptions(leakyRelu, options);
  const { negativeSlope = 0.01, inplace = false } = options;
  return inplace ? aten.leakyRelu_(input, negativeSlope) : aten.leakyRelu(input, negativeSlope);
}

export interface RreluOptions extends Inplace {
  lower?: number;
  upper?: number;
  training?: boolean;
}

/** A leaky ReLU whose slope is drawn per element in training, and the middle of the range otherwise. */
export function rrelu(input: Tensor, options: RreluOptions = {}): Tensor {
  requireOptions(rrelu, options);
  const { lower = 1 / 8, upper = 1 / 3, training = false, inplace = false } = options;
  return inplace ? aten.rrelu_(input, lower, upper, training) : aten.rrelu(input, lower, upper, training);
}

export function threshold(input: Tensor, threshold: number, value: number, options: Inplace = {}): Tensor {
  requireOptions({ name: 'threshold' }, options);
  const { inplace = false } = options;
  return inplace ? aten.threshold_(input, threshold, value) : aten.threshold(input, threshold, value);
}

export function glu(input: Tensor, options: { dim?: number } = {}): Tensor {
  requireOptions(glu, options);
  const { dim = -1 } = options;
  if (input.dim() === 0) {
    throw new TorchError('glu does not support scalars because halving size must be even');
  }
  return aten.glu(input, dim);
}

export interface HardtanhOptions extends Inplace {
  minVal?: number;
  maxVal?: number;
}

export function hardtanh(input: Tensor, options: HardtanhOptions = {}): Tensor {
  requireOptions(hardtanh, options);
  const { minVal = -1, maxVal = 1, inplace = false } = options;
  if (minVal > maxVal) throw new ValueError('min_val cannot be greater than max_val');
  return inplace ? aten.hardtanh_(input, minVal, maxVal) : aten.hardtanh(input, minVal, maxVal);
}

export function hardsigmoid(input: Tensor, options: Inplace = {}): Tensor {
  requireOptions(hardsigmoid, options);
  const { inplace = false } = options;
  return inplace ? aten.hardsigmoid_(input) : aten.hardsigmoid(input);
}

export function hardswish(input: Tensor, options: Inplace = {}): Tensor {
  requireOptions(hardswish, options);
  const { inplace = false } = options;
  return inplace ? aten.hardswish_(input) : aten.hardswish(input);
}

export function silu(input: Tensor, options: Inplace = {}): Tensor {
  requireOptions(silu, options);
  const { inplace = false } = options;
  return inplace ? aten.silu_(input) : aten.silu(input);
}

export function mish(input: Tensor, options: Inplace = {}): Tensor {
  requireOptions(mish, options);
  const { inplace = false } = options;
  return inplace ? aten.mish_(input) : aten.mish(input);
}

export function tanhshrink(input: Tensor): Tensor {
  return scope(() => input.sub(input.tanh()));
}

export function softsign(input: Tensor): Tensor {
  return scope(() => input.div(input.abs().add(1)));
}

function softmaxDim(name: string, input: Tensor): number {
  warn(
    `Implicit dimension choice for ${name} has been deprecated. Change the call to include dim=X as an argument.`,
  );
  return [0, 1, 3].includes(input.dim()) ? 0 : 1;
}

export interface SoftmaxOptions {
  dim?: number | null;
  /** The input is cast to it first. */
  dtype?: DType | null;
}

type Dim = number | null | SoftmaxOptions;

const softmaxOptions = (dim: Dim | undefined, options: SoftmaxOptions): SoftmaxOptions =>
  typeof dim === 'object' && dim !== null ? dim : { ...options, dim };

export function softmax(input: Tensor, dim?: Dim, options: SoftmaxOptions = {}): Tensor {
  requireOptions(softmax, options);
  const { dim: along, dtype } = softmaxOptions(dim, options);
  return input.softmax(along ?? softmaxDim('softmax', input), dtype);
}

export function logSoftmax(input: Tensor, dim?: Dim, options: SoftmaxOptions = {}): Tensor {
  requireOptions(logSoftmax, options);
  const { dim: along, dtype } = softmaxOptions(dim, options);
  return input.logSoftmax(along ?? softmaxDim('log_softmax', input), dtype);
}

/** The softmax of −input. */
export function softmin(input: Tensor, dim?: Dim, options: SoftmaxOptions = {}): Tensor {
  requireOptions(softmin, options);
  const { dim: along, dtype } = softmaxOptions(dim, options);
  const direction = along ?? softmaxDim('softmin', input);
  return scope(() => input.neg().softmax(direction, dtype));
}

export interface GumbelSoftmaxOptions {
  tau?: number;
  /** One-hot samples, with the gradient of the soft ones. */
  hard?: boolean;
  dim?: number;
}

/** Samples from the Gumbel-softmax distribution (Jang et al. 2016). */
export function gumbelSoftmax(logits: Tensor, options: GumbelSoftmaxOptions = {}): Tensor {
  requireOptions(gumbelSoftmax, options);
  const { tau = 1, hard = false, dim = -1 } = options;
  return scope(() => {
    const memoryFormat = contiguousFormat;
    const gumbels = aten.emptyLike(logits, { memoryFormat }).exponential_().log().neg();
    const soft = logits.add(gumbels).div(tau).softmax(dim);
    if (!hard) return soft;
    const [, index] = aten.max(soft, dim, { keepdim: true }) as [Tensor, Tensor];
    const chosen = aten.zerosLike(logits, { memoryFormat }).scatter_(dim, index, float(1));
    return chosen.sub(soft.detach()).add(soft);
  });
}
