// The parametrizations that PyTorch brings (torch.nn.utils.parametrizations).

import { noGrad } from '../autograd/index.js';
import { IndexError, ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { contiguousFormat } from '../memory-format.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { isTensor, type Tensor } from '../tensor.js';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './conv-transpose.js';
import { normalize } from './functional/normalization.js';
import { Module } from './module.js';
import { nameInFiles } from './module-tree.js';
import { registerParametrization } from './parametrize.js';

export { type OrthogonalMap, type OrthogonalOptions, orthogonal } from './orthogonal.js';

/** weight = g · v / ‖v‖, the norms along all dimensions but `dim` (Salimans & Kingma 2016). */
class _WeightNorm extends Module {
  constructor(readonly dim: number) {
    super();
  }

  override forward(g: Tensor, v: Tensor): Tensor {
    return aten._weightNorm(v, g, this.dim);
  }

  rightInverse(weight: Tensor): [g: Tensor, v: Tensor] {
    return [aten.normExceptDim(weight, 2, this.dim), weight];
  }
}

function weightOf(module: Module, name: string): Tensor {
  const weight: unknown = Reflect.get(module, name);
  if (isTensor(weight)) return weight;
  throw new ValueError(`Module '${module}' has no parameter or buffer with name '${name}'`);
}

/** Learns size and direction of a weight apart; `dim` null takes one norm for the whole. */
export function weightNorm<M extends Module>(
  module: M,
  options: { name?: string; dim?: number | null } = {},
): M {
  requireNames(weightNorm, options, { name: true, dim: true });
  const { name = 'weight', dim = 0 } = options;
  registerParametrization(module, name, new _WeightNorm(dim ?? -1), { unsafe: true });
  const key = nameInFiles(name);
  // Files of the older weight_norm have weight_g and weight_v.
  module.registerLoadStateDictPreHook((_, { state, prefix }) => {
    const [g, v] = [state.get(`${prefix}${key}_g`), state.get(`${prefix}${key}_v`)];
    if (!g || !v) return;
    state.delete(`${prefix}${key}_g`);
    state.delete(`${prefix}${key}_v`);
    state.set(`${prefix}parametrizations.${key}.original0`, g);
    state.set(`${prefix}parametrizations.${key}.original1`, v);
  });
  return module;
}

export interface SpectralNormOptions {
  name?: string;
  /** Steps of the power method per forward in training. */
  nPowerIterations?: number;
  eps?: number;
  /** The dimension of the outputs: 1 for transposed convolutions, else 0. */
  dim?: number | null;
}

export const spectralNormNames: Names<SpectralNormOptions> = {
  name: true,
  nPowerIterations: true,
  eps: true,
  dim: true,
};

/** weight / its largest singular value, which the power method follows (Miyato et al. 2018). */
class _SpectralNorm extends Module {
  readonly dim: number;
  readonly _u: Tensor | null = null;
  readonly _v: Tensor | null = null;

  constructor(
    weight: Tensor,
    readonly nPowerIterations: number,
    dim: number,
    readonly eps: number,
  ) {
    super();
    const dims = weight.dim();
    if (dim >= dims || dim < -dims) {
      throw new IndexError(
        `Dimension out of range (expected to be in range of [-${dims}, ${dims - 1}] but got ${dim})`,
      );
    }
    if (nPowerIterations <= 0) {
      throw new ValueError(
        `Expected n_power_iterations to be positive, but got n_power_iterations=${nPowerIterations}`,
      );
    }
    this.dim = dim >= 0 ? dim : dim + dims;
    if (dims <= 1) return;
    scope(() => {
      const matrix = this.matrix(weight);
      const [rows, columns] = matrix.shape as [number, number];
      const u = matrix.detach().newEmpty([rows]).normal_(0, 1);
      const v = matrix.detach().newEmpty([columns]).normal_(0, 1);
      this.registerBuffer('_u', normalize(u, { dim: 0, eps }));
      this.registerBuffer('_v', normalize(v, { dim: 0, eps }));
      this.iterate(matrix, 15);
    });
  }

  private matrix(weight: Tensor): Tensor {
    const { dim } = this;
    const others = weight.shape.map((_, d) => d).filter((d) => d !== dim);
    return (dim === 0 ? weight : weight.permute([dim, ...others])).flatten(1);
  }

  private iterate(matrix: Tensor, steps: number): void {
    const [u, v] = [this._u, this._v] as [Tensor, Tensor];
    const { eps } = this;
    noGrad(() => {
      for (let step = 0; step < steps; step++) {
        normalize(matrix.mv(v), { dim: 0, eps, out: u });
        normalize(matrix.H.mv(u), { dim: 0, eps, out: v });
      }
    });
  }

  override forward(weight: Tensor): Tensor {
    const { _u, _v, eps } = this;
    if (!_u || !_v) return normalize(weight, { dim: 0, eps });
    return scope(() => {
      const matrix = this.matrix(weight);
      if (this.training) this.iterate(matrix, this.nPowerIterations);
      // Copies: the next forward changes the vectors in place before this one's backward.
      const u = _u.clone({ memoryFormat: contiguousFormat });
      const v = _v.clone({ memoryFormat: contiguousFormat });
      return weight.div(u.vdot(matrix.mv(v)));
    });
  }

  rightInverse(value: Tensor): Tensor {
    return value;
  }
}

/** Keeps the largest singular value of a weight at 1. Draws the vectors of the power method. */
export function spectralNorm<M extends Module>(module: M, options: SpectralNormOptions = {}): M {
  requireNames(spectralNorm, options, spectralNormNames);
  const { name = 'weight', nPowerIterations = 1, eps = 1e-12, dim } = options;
  const transposed = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d].some(
    (kind) => module instanceof kind,
  );
  const weight = weightOf(module, name);
  const norm = new _SpectralNorm(weight, nPowerIterations, dim ?? (transposed ? 1 : 0), eps);
  return registerParametrization(module, name, norm);
}
