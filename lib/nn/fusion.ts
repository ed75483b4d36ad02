// Batch normalisation folded into the layer before it, for inference (torch.nn.utils.fusion).

import { noGrad } from '../autograd/index.js';
import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import type { BatchNorm } from './batchnorm.js';
import type { ConvBase } from './conv.js';
import { deepcopy } from './deepcopy.js';
import type { Linear } from './linear.js';
import { Parameter } from './parameter.js';

/** The statistics and the affine part of a batch normalisation. */
export interface Statistics {
  mean: Tensor;
  variance: Tensor;
  eps: number;
  weight: Tensor | null;
  bias: Tensor | null;
}

const statisticsNames: Names<Statistics> = {
  mean: true,
  variance: true,
  eps: true,
  weight: true,
  bias: true,
};

type Fused = [weight: Parameter, bias: Parameter];

function statistics({ runningMean, runningVar, eps, weight, bias }: BatchNorm): Statistics {
  if (!runningMean || !runningVar)
    throw new TorchError('bn.running_mean and bn.running_var must not be None');
  return { mean: runningMean, variance: runningVar, eps, weight, bias };
}

function parameters(weight: Tensor, fused: Tensor, bias: Tensor | null, fusedBias: Tensor): Fused {
  const biasDtype = bias?.dtype ?? weight.dtype;
  return [
    new Parameter(fused.to(weight.dtype), weight.requiresGrad),
    // Without a bias PyTorch takes the flag of the zeros that it puts there.
    new Parameter(fusedBias.to(biasDtype), bias?.requiresGrad ?? false),
  ];
}

/** weight and bias of a convolution followed by that normalisation. */
export function fuseConvBnWeights(
  weight: Tensor,
  bias: Tensor | null,
  given: Statistics,
  options: { transpose?: boolean } = {},
): Fused {
  requireNames(fuseConvBnWeights, given, statisticsNames);
  requireNames(fuseConvBnWeights, options, { transpose: true });
  const { mean, variance, eps, weight: scale, bias: shift } = given;
  const { transpose = false } = options;
  return scope(() =>
    noGrad(() => {
      const inverse = variance.add(eps).rsqrt();
      const channels = weight.shape.map(() => 1);
      channels[transpose ? 1 : 0] = -1;
      const factor = (scale ?? aten.onesLike(mean)).mul(inverse).reshape(channels);
      const centred = (bias ?? aten.zerosLike(mean)).sub(mean);
      const shifted = centred
        .mul(inverse)
        .mul(scale ?? aten.onesLike(mean))
        .add(shift ?? aten.zerosLike(mean));
      return parameters(weight, weight.mul(factor), bias, shifted);
    }),
  );
}

/** weight and bias of a linear layer followed by that normalisation. */
export function fuseLinearBnWeights(
  weight: Tensor,
  bias: Tensor | null,
  given: Statistics & { weight: Tensor; bias: Tensor },
): Fused {
  requireNames(fuseLinearBnWeights, given, statisticsNames);
  const { mean, variance, eps, weight: scale, bias: shift } = given;
  return scope(() =>
    noGrad(() => {
      const factor = scale.mul(variance.add(eps).rsqrt());
      const centred = (bias ?? aten.zerosLike(mean)).sub(mean);
      return parameters(
        weight,
        weight.mul(factor.unsqueeze(-1).to(weight.dtype)),
        bias,
        centred.mul(factor).add(shift),
      );
    }),
  );
}

function fusedCopy<M extends ConvBase | Linear>(module: M, bn: BatchNorm, [weight, bias]: Fused): M {
  if (module.training || bn.training) throw new TorchError('Fusion only for eval!');
  const fused = deepcopy(module);
  Reflect.set(fused, 'weight', weight);
  Reflect.set(fused, 'bias', bias);
  return fused;
}

/** A copy of the convolution that does what it and the normalisation after it do. Both must be in eval mode. */
export function fuseConvBnEval<M extends ConvBase>(
  conv: M,
  bn: BatchNorm,
  options: { transpose?: boolean } = {},
): M {
  requireNames(fuseConvBnEval, options, { transpose: true });
  return fusedCopy(conv, bn, fuseConvBnWeights(conv.weight, conv.bias, statistics(bn), options));
}

/** A copy of the linear layer that does what it and the normalisation after it do. Both must be in eval mode. */
export function fuseLinearBnEval<M extends Linear>(linear: M, bn: BatchNorm): M {
  const { outFeatures } = linear;
  if (outFeatures !== bn.numFeatures && bn.numFeatures !== 1) {
    throw new TorchError(
      'To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got ' +
        `linear.out_features=${outFeatures} and bn.num_features=${bn.numFeatures}`,
    );
  }
  const found = statistics(bn) as Parameters<typeof fuseLinearBnWeights>[2];
  return fusedCopy(linear, bn, fuseLinearBnWeights(linear.weight, linear.bias, found));
}
