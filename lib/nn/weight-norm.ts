// torch.nn.utils.weight_norm, which computes the weight before each forward; parametrizations.weightNorm is the newer one.

import { noGrad } from '../autograd/index.js';
import { TorchError, ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { warn } from '../warn.js';
import type { Module } from './module.js';
import { Parameter } from './parameter.js';
import {
  beside,
  fieldOf,
  parameterOf,
  Recomputed,
  recomputedAt,
  requireRecomputed,
  setComputed,
} from './recomputed.js';
import { isUninitialized } from './uninitialized.js';

class WeightNorm extends Recomputed {
  constructor(
    readonly name: string,
    readonly dim: number,
  ) {
    super();
  }

  protected override recompute(module: Module): Tensor {
    const [g, v] = [fieldOf(module, beside(this.name, 'g')), fieldOf(module, beside(this.name, 'v'))];
    return aten._weightNorm(v, g, this.dim);
  }

  apply(module: Module): void {
    const { name, dim } = this;
    if (recomputedAt(module, WeightNorm, name)) {
      throw new TorchError(`Cannot register two weight_norm hooks on the same parameter ${name}`);
    }
    const weight = parameterOf(module, name);
    if (isUninitialized(weight)) {
      throw new ValueError(
        "The module passed to `WeightNorm` can't have uninitialized parameters. " +
          'Make sure to run the dummy forward before applying weight normalization',
      );
    }
    module.removeMember(name);
    scope(() => {
      const norms = noGrad(() => aten.normExceptDim(weight, 2, dim));
      module.registerParameter(beside(name, 'g'), new Parameter(norms));
      module.registerParameter(beside(name, 'v'), new Parameter(weight));
    });
    setComputed(module, name, this.recompute(module));
    this.attach(module);
  }

  remove(module: Module): void {
    const { name } = this;
    scope(() => {
      const weight = new Parameter(this.recompute(module));
      for (const field of [name, beside(name, 'g'), beside(name, 'v')]) module.removeMember(field);
      module.registerParameter(name, weight);
    });
    this.detach(module);
  }
}

/** Learns length and direction of a weight apart, as `weight_g` and `weight_v`; `dim` null takes one norm for the whole. */
export function weightNorm<M extends Module>(
  module: M,
  options: { name?: string; dim?: number | null } = {},
): M {
  requireNames(weightNorm, options, { name: true, dim: true });
  const { name = 'weight', dim = 0 } = options;
  warn(
    '`torch.nn.utils.weight_norm` is deprecated in favor of `torch.nn.utils.parametrizations.weight_norm`.',
    'FutureWarning',
  );
  new WeightNorm(name, dim ?? -1).apply(module);
  return module;
}

/** Leaves the weight as it is computed now, a parameter again. Throws ValueError where there is no weight norm. */
export function removeWeightNorm<M extends Module>(module: M, options: { name?: string } = {}): M {
  requireNames(removeWeightNorm, options, { name: true });
  const { name = 'weight' } = options;
  requireRecomputed(module, WeightNorm, name, 'weight_norm').remove(module);
  return module;
}
