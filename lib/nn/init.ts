// torch.nn.init: fills a tensor in place, without autograd, and returns it.

import { noGrad } from '../autograd/index.js';
import { ValueError } from '../errors.js';
import { type Names, requireNames } from '../options.js';
import { pow, sqrt } from '../python-number.js';
import type { Tensor } from '../tensor.js';
import { deprecated } from './deprecated.js';
import {
  type DrawOptions,
  dirac_,
  drawNames,
  eye_,
  orthogonal_,
  sparse_,
  truncNormal_,
} from './structured-init.js';

export { type DrawOptions, dirac_, eye_, orthogonal_, sparse_, truncNormal_ };

export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'conv_transpose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu';

export type FanMode = 'fan_in' | 'fan_out';

export interface KaimingOptions extends DrawOptions {
  /** Negative slope of the rectifier that follows; for 'leaky_relu' only. */
  a?: number;
  mode?: FanMode;
  nonlinearity?: Nonlinearity;
}

const kaimingNames: Names<KaimingOptions> = { ...drawNames, a: true, mode: true, nonlinearity: true };

export interface XavierOptions extends DrawOptions {
  gain?: number;
}

const xavierNames: Names<XavierOptions> = { ...drawNames, gain: true };

/** The recommended gain of a nonlinearity; `param` is the negative slope of 'leaky_relu', 0.01 if not given. */
export function calculateGain(nonlinearity: Nonlinearity, param?: number | null): number {
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return sqrt(2);
    case 'leaky_relu':
      if (param !== undefined && param !== null && typeof param !== 'number') {
        throw new ValueError(`negative_slope ${param} not a valid number`);
      }
      return sqrt(2 / (1 + pow(param ?? 0.01, 2)));
    case 'selu':
      return 3 / 4; // found empirically: pytorch/pytorch#50664
    case 'linear':
    case 'sigmoid':
    case 'conv1d':
    case 'conv2d':
    case 'conv3d':
    case 'conv_transpose1d':
    case 'conv_transpose2d':
    case 'conv_transpose3d':
      return 1;
    default:
      throw new ValueError(`Unsupported nonlinearity ${String(nonlinearity)}`);
  }
}

/** [fan in, fan out] of a weight. Groups are ignored, as in PyTorch: a depthwise weight has fan out 9 × channels. */
export function calculateFanInAndFanOut(tensor: Tensor): [fanIn: number, fanOut: number] {
  const [outputs, inputs, ...receptive] = tensor.shape;
  if (outputs === undefined || inputs === undefined) {
    throw new ValueError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  }
  const field = receptive.reduce((product, size) => product * size, 1);
  return [inputs * field, outputs * field];
}

function correctFan(tensor: Tensor, mode: FanMode): number {
  const lower = mode.toLowerCase();
  if (lower !== 'fan_in' && lower !== 'fan_out') {
    throw new ValueError(`Mode ${lower} not supported, please use one of ['fan_in', 'fan_out']`);
  }
  const [fanIn, fanOut] = calculateFanInAndFanOut(tensor);
  return lower === 'fan_in' ? fanIn : fanOut;
}

export function uniform_(tensor: Tensor, a = 0, b = 1, options: DrawOptions = {}): Tensor {
  requireNames(uniform_, options, drawNames);
  const { generator } = options;
  return noGrad(() => tensor.uniform_(a, b, { generator }));
}

export function normal_(tensor: Tensor, mean = 0, std = 1, options: DrawOptions = {}): Tensor {
  requireNames(normal_, options, drawNames);
  const { generator } = options;
  return noGrad(() => tensor.normal_(mean, std, { generator }));
}

export function constant_(tensor: Tensor, value: number): Tensor {
  return noGrad(() => tensor.fill_(value));
}

export function ones_(tensor: Tensor): Tensor {
  return constant_(tensor, 1);
}

export function zeros_(tensor: Tensor): Tensor {
  return noGrad(() => tensor.zero_());
}

/** Glorot & Bengio (2010): U(−a, a) with a = gain·√(6 / (fan in + fan out)). */
export function xavierUniform_(tensor: Tensor, options: XavierOptions = {}): Tensor {
  requireNames(xavierUniform_, options, xavierNames);
  const { gain = 1, generator } = options;
  const [fanIn, fanOut] = calculateFanInAndFanOut(tensor);
  const std = gain * sqrt(2 / (fanIn + fanOut));
  const bound = sqrt(3) * std;
  return uniform_(tensor, -bound, bound, { generator });
}

/** Glorot & Bengio (2010): N(0, std²) with std = gain·√(2 / (fan in + fan out)). */
export function xavierNormal_(tensor: Tensor, options: XavierOptions = {}): Tensor {
  requireNames(xavierNormal_, options, xavierNames);
  const { gain = 1, generator } = options;
  const [fanIn, fanOut] = calculateFanInAndFanOut(tensor);
  return normal_(tensor, 0, gain * sqrt(2 / (fanIn + fanOut)), { generator });
}

function kaimingStd(
  tensor: Tensor,
  { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingOptions,
): number {
  const fan = correctFan(tensor, mode);
  return calculateGain(nonlinearity, a) / sqrt(fan);
}

function isEmpty(tensor: Tensor): boolean {
  if (!tensor.shape.includes(0)) return false;
  process.emitWarning('Initializing zero-element tensors is a no-op', 'UserWarning');
  return true;
}

/** He et al. (2015): U(−bound, bound) with bound = gain·√(3 / fan). */
export function kaimingUniform_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  requireNames(kaimingUniform_, options, kaimingNames);
  if (isEmpty(tensor)) return tensor;
  const bound = sqrt(3) * kaimingStd(tensor, options);
  return uniform_(tensor, -bound, bound, { generator: options.generator });
}

/** He et al. (2015): N(0, std²) with std = gain / √fan. */
export function kaimingNormal_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  requireNames(kaimingNormal_, options, kaimingNames);
  if (isEmpty(tensor)) return tensor;
  return normal_(tensor, 0, kaimingStd(tensor, options), { generator: options.generator });
}

function renamed<F extends (...args: never[]) => Tensor>(old: string, fn: F): F {
  const message = `\`nn.init.${old}\` is now deprecated in favor of \`nn.init.${old}_\`.`;
  return deprecated(fn, message) as F;
}

export const uniform = renamed('uniform', uniform_);
export const normal = renamed('normal', normal_);
export const constant = renamed('constant', constant_);
export const eye = renamed('eye', eye_);
export const dirac = renamed('dirac', dirac_);
export const xavierUniform = renamed('xavier_uniform', xavierUniform_);
export const xavierNormal = renamed('xavier_normal', xavierNormal_);
export const kaimingUniform = renamed('kaiming_uniform', kaimingUniform_);
export const kaimingNormal = renamed('kaiming_normal', kaimingNormal_);
export const orthogonal = renamed('orthogonal', orthogonal_);
export const sparse = renamed('sparse', sparse_);
