// Activations that have an in-place form, a check or a default of Python's.

import type { DType } from '../../dtype.js';
import { TorchError, ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { contiguousFormat } from '../../memory-format.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { float } from '../../scalar.js';
import type { Tensor } from '../../tensor.js';
import { warn } from '../../warn.js';

export const { gelu, hardshrink, prelu, softplus, softshrink, tanh, sigmoid } = aten;
export const logsigmoid = aten.logSigmoid;
export const { celu_, elu_, hardtanh_, leakyRelu_, relu_, rrelu_, selu_, threshold_ } = aten;

interface Inplace {
  inplace?: boolean;
}

const inplaceNames: Names<Inplace> = { inplace: true };

export function relu(input: Tensor, options: Inplace = {}): Tensor {
  requireNames(relu, options, inplaceNames);
  const { inplace = false } = options;
  return inplace ? input.relu_() : input.relu();
}

export function relu6(input: Tensor, options: Inplace = {}): Tensor {
  requireNames(relu6, options, inplaceNames);
  const { inplace = false } = options;
  return inplace ? aten.relu6_(input) : aten.relu6(input);
}

export interface AlphaOptions extends Inplace {
  alpha?: number;
}

const alphaNames: Names<AlphaOptions> = { ...inplaceNames, alpha: true };

export function elu(input: Tensor, options: AlphaOptions = {}): Tensor {
  requireNames(elu, options, alphaNames);
  const { alpha = 1, inplace = false } = options;
  return inplace ? aten.elu_(input, float(alpha)) : aten.elu(input, float(alpha));
}

export function selu(input: Tensor, options: Inplace = {}): Tensor {
  requireNames(selu, options, inplaceNames);
  const { inplace = false } = options;
  return inplace ? aten.selu_(input) : aten.selu(input);
}

export function celu(input: Tensor, options: AlphaOptions = {}): Tensor {
  requireNames(celu, options, alphaNames);
  const { alpha = 1, inplace = false } = options;
  return inplace ? aten.celu_(input, float(alpha)) : aten.celu(input, float(alpha));
}

export interface LeakyReluOptions extends Inplace {
  negativeSlope?: number;
}

const leakyReluNames: Names<LeakyReluOptions> = { ...inplaceNames, negativeSlope: true };

export function leakyRelu(input: Tensor, options: LeakyReluOptions = {}): Tensor {
  requireNames(leakyRelu, options, leakyReluNames);
  const { negativeSlope = 0.01, inplace = false } = options;
  return inplace ? aten.leakyRelu_(input, negativeSlope) : aten.leakyRelu(input, negativeSlope);
}

export interface RreluOptions extends Inplace {
  lower?: number;
  upper?: number;
  training?: boolean;
}

const rreluNames: Names<RreluOptions> = { ...inplaceNames, lower: true, upper: true, training: true };

/** A leaky ReLU whose slope is drawn per element in training, and the middle of the range otherwise. */
export function rrelu(input: Tensor, options: RreluOptions = {}): Tensor {
  requireNames(rrelu, options, rreluNames);
  const { lower = 1 / 8, upper = 1 / 3, training = false, inplace = false } = options;
  return inplace ? aten.rrelu_(input, lower, upper, training) : aten.rrelu(input, lower, upper, training);
}

export function threshold(input: Tensor, threshold: number, value: number, options: Inplace = {}): Tensor {
  requireNames({ name: 'threshold' }, options, inplaceNames);
  const { inplace = false } = options;
  return inplace ? aten.threshold_(input, threshold, value) : aten.threshold(input, threshold, value);
}

export interface GluOptions {
  dim?: number;
}

const gluNames: Names<GluOptions> = { dim: true };

export function glu(input: Tensor, options: GluOptions = {}): Tensor {
  requireNames(glu, options, gluNames);
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

const hardtanhNames: Names<HardtanhOptions> = { ...inplaceNames, minVal: true, maxVal: true };

export function hardtanh(input: Tensor, options: HardtanhOptions = {}): Tensor {
  requireNames(hardtanh, options, hardtanhNames);
  const { minVal = -1, maxVal = 1, inplace = false } = options;
  if (minVal > maxVal) throw new ValueError('min_val cannot be greater than max_val');
  return inplace ? aten.hardtanh_(input, minVal, maxVal) : aten.hardtanh(input, minVal, maxVal);
}

export function hardsigmoid(input: Tensor, options: Inplace = {}): Tensor {
  requireNames(hardsigmoid, options, inplaceNames);
  const { inplace = false } = options;
  return inplace ? aten.hardsigmoid_(input) : aten.hardsigmoid(input);
}

export function hardswish(input: Tensor, options: Inplace = {}): Tensor {
  requireNames(hardswish, options, inplaceNames);
  const { inplace = false } = options;
  return inplace ? aten.hardswish_(input) : aten.hardswish(input);
}

export function silu(input: Tensor, options: Inplace = {}): Tensor {
  requireNames(silu, options, inplaceNames);
  const { inplace = false } = options;
  return inplace ? aten.silu_(input) : aten.silu(input);
}

export function mish(input: Tensor, options: Inplace = {}): Tensor {
  requireNames(mish, options, inplaceNames);
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

const softmaxNames: Names<SoftmaxOptions> = { dim: true, dtype: true };

type Dim = number | null | SoftmaxOptions;
type Softmax = (input: Tensor, dim?: Dim, options?: SoftmaxOptions) => Tensor;

function softmaxOptions(softmax: Softmax, dim: Dim | undefined, options: SoftmaxOptions): SoftmaxOptions {
  const byName = typeof dim === 'object' && dim !== null;
  requireNames(softmax, byName ? dim : options, softmaxNames);
  return byName ? dim : { ...options, dim };
}

export function softmax(input: Tensor, dim?: Dim, options: SoftmaxOptions = {}): Tensor {
  const { dim: along, dtype } = softmaxOptions(softmax, dim, options);
  return input.softmax(along ?? softmaxDim('softmax', input), dtype);
}

export function logSoftmax(input: Tensor, dim?: Dim, options: SoftmaxOptions = {}): Tensor {
  const { dim: along, dtype } = softmaxOptions(logSoftmax, dim, options);
  return input.logSoftmax(along ?? softmaxDim('log_softmax', input), dtype);
}

/** The softmax of −input. */
export function softmin(input: Tensor, dim?: Dim, options: SoftmaxOptions = {}): Tensor {
  const { dim: along, dtype } = softmaxOptions(softmin, dim, options);
  const direction = along ?? softmaxDim('softmin', input);
  return scope(() => input.neg().softmax(direction, dtype));
}

export interface GumbelSoftmaxOptions {
  tau?: number;
  /** One-hot samples, with the gradient of the soft ones. */
  hard?: boolean;
  dim?: number;
}

const gumbelSoftmaxNames: Names<GumbelSoftmaxOptions> = { tau: true, hard: true, dim: true };

/** Samples from the Gumbel-softmax distribution (Jang et al. 2016). */
export function gumbelSoftmax(logits: Tensor, options: GumbelSoftmaxOptions = {}): Tensor {
  requireNames(gumbelSoftmax, options, gumbelSoftmaxNames);
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
