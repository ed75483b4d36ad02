// torch.nn.utils.spectral_norm, which computes the weight before each forward; parametrizations.spectralNorm is the newer one.

import { noGrad } from '../autograd/index.js';
import { TorchError, ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { contiguousFormat } from '../memory-format.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './conv-transpose.js';
import { normalize } from './functional/normalization.js';
import type { StateDictLoad } from './load-state-dict.js';
import type { Module } from './module.js';
import { nameInFiles } from './module-tree.js';
import { Parameter } from './parameter.js';
import { type SpectralNormOptions, spectralNormNames } from './parametrizations.js';
import {
  beside,
  fieldOf,
  parameterOf,
  Recomputed,
  recomputedAt,
  requireRecomputed,
  setComputed,
} from './recomputed.js';
import { ensureStateDictHooks, type LoadStateDictPreHook, type StateDictHook } from './state-dict-hooks.js';
import { isUninitialized } from './uninitialized.js';

/** What files say about the form of the state: since 1, v is a buffer and the weight is none. */
const formVersion = 1;

class SpectralNorm extends Recomputed {
  readonly name: string;
  private readonly nPowerIterations: number;
  private readonly dim: number;
  private readonly eps: number;

  constructor({ name, nPowerIterations, dim, eps }: Required<SpectralNormOptions> & { dim: number }) {
    super();
    if (nPowerIterations <= 0) {
      throw new ValueError(
        `Expected n_power_iterations to be positive, but got n_power_iterations=${nPowerIterations}`,
      );
    }
    this.name = name;
    this.nPowerIterations = nPowerIterations;
    this.dim = dim;
    this.eps = eps;
  }

  private matrix(weight: Tensor): Tensor {
    const { dim } = this;
    const others = weight.shape.map((_, d) => d).filter((d) => d !== dim);
    const turned = dim === 0 ? weight : weight.permute([dim, ...others]);
    return turned.reshape([turned.size(0), -1]);
  }

  private compute(module: Module, iterations: number): Tensor {
    const { name, eps } = this;
    const weight = fieldOf(module, beside(name, 'orig'));
    let [u, v] = [fieldOf(module, beside(name, 'u')), fieldOf(module, beside(name, 'v'))];
    return scope(() => {
      const matrix = this.matrix(weight);
      noGrad(() => {
        for (let step = 0; step < iterations; step++) {
          normalize(matrix.t().mv(u), { dim: 0, eps, out: v });
          normalize(matrix.mv(v), { dim: 0, eps, out: u });
        }
        if (iterations === 0) return;
        // Copies: the next forward changes the vectors in place before this one's backward.
        u = u.clone({ memoryFormat: contiguousFormat });
        v = v.clone({ memoryFormat: contiguousFormat });
      });
      return weight.div(u.dot(matrix.mv(v)));
    });
  }

  protected override recompute(module: Module): Tensor {
    return this.compute(module, module.training ? this.nPowerIterations : 0);
  }

  apply(module: Module): void {
    const { name, eps } = this;
    if (recomputedAt(module, SpectralNorm, name)) {
      throw new TorchError(`Cannot register two spectral_norm hooks on the same parameter ${name}`);
    }
    if (Reflect.get(module, name) === null) {
      throw new ValueError(`\`SpectralNorm\` cannot be applied as parameter \`${name}\` is None`);
    }
    const weight = parameterOf(module, name);
    if (isUninitialized(weight)) {
      throw new ValueError(
        "The module passed to `SpectralNorm` can't have uninitialized parameters. " +
          'Make sure to run the dummy forward before applying spectral normalization',
      );
    }
    scope(() =>
      noGrad(() => {
        const vectors = this.matrix(weight).shape.map((length) =>
          normalize(weight.newEmpty([length]).normal_(0, 1), { dim: 0, eps }),
        ) as [Tensor, Tensor];
        module.removeMember(name);
        module.registerParameter(beside(name, 'orig'), weight);
        setComputed(module, name, weight.detach());
        module.registerBuffer(beside(name, 'u'), vectors[0]);
        module.registerBuffer(beside(name, 'v'), vectors[1]);
      }),
    );
    this.attach(module);
    const { afterState, beforeLoad } = ensureStateDictHooks(module);
    afterState.add(this.noteVersion);
    beforeLoad.add(this.readOlder);
  }

  remove(module: Module): void {
    const { name } = this;
    scope(() => {
      const weight = new Parameter(noGrad(() => this.compute(module, 0)));
      for (const field of [name, beside(name, 'u'), beside(name, 'v'), beside(name, 'orig')]) {
        module.removeMember(field);
      }
      module.registerParameter(name, weight);
    });
    this.detach(module);
    const { afterState, beforeLoad } = ensureStateDictHooks(module);
    afterState.delete(this.noteVersion);
    beforeLoad.delete(this.readOlder);
  }

  private readonly noteVersion: StateDictHook = (_module, _state, _prefix, metadata) => {
    const versions = (metadata.get('spectral_norm') ?? new Map()) as Map<string, number>;
    const key = `${nameInFiles(this.name)}.version`;
    if (versions.has(key)) throw new TorchError(`Unexpected key in metadata['spectral_norm']: ${key}`);
    metadata.set('spectral_norm', versions.set(key, formVersion));
  };

  /** Before version 1 the weight was in the file, and v was not: v is solved for. */
  private readonly readOlder: LoadStateDictPreHook = (_module, load) => {
    const { state, prefix, metadata, report } = load;
    const name = nameInFiles(this.name);
    const versions = metadata?.get('spectral_norm') as ReadonlyMap<string, number> | undefined;
    const version = versions?.get(`${name}.version`);
    if (version !== undefined && version >= formVersion) return;
    const key = prefix + name;
    const isNewer = ['_orig', '_u', '_v'].every((suffix) => state.has(key + suffix)) && !state.has(key);
    if (version === undefined && isNewer) return;
    const missing = ['_orig', '', '_u'].map((suffix) => key + suffix).filter((wanted) => !state.has(wanted));
    report.missingKeys.push(...missing);
    if (missing.length === 0) this.solve(key, state);
  };

  private solve(key: string, state: StateDictLoad['state']): void {
    const [original, weight, u] = [`${key}_orig`, key, `${key}_u`].map((name) => state.get(name)) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    state.delete(key);
    const v = noGrad(() => {
      const sigma = original.div(weight).mean();
      const matrix = this.matrix(original);
      const transposed = matrix.t();
      const inverse = transposed.mm(matrix).pinverse();
      const direction = aten.linalgMultiDot([inverse, transposed, u.unsqueeze(1)]).squeeze(1);
      return direction.mul_(sigma.div(u.dot(matrix.mv(direction))));
    });
    state.set(`${key}_v`, v);
  }
}

/** Divides a weight by its largest singular value, which `weight_u` and `weight_v` follow, before each forward. */
export function spectralNorm<M extends Module>(module: M, options: SpectralNormOptions = {}): M {
  requireNames(spectralNorm, options, spectralNormNames);
  const { name = 'weight', nPowerIterations = 1, eps = 1e-12, dim } = options;
  const transposed = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d];
  const own = transposed.some((kind) => module instanceof kind) ? 1 : 0;
  new SpectralNorm({ name, nPowerIterations, eps, dim: dim ?? own }).apply(module);
  return module;
}

/** Leaves the weight as it is computed now, a parameter again. Throws ValueError where there is no spectral norm. */
export function removeSpectralNorm<M extends Module>(module: M, options: { name?: string } = {}): M {
  requireNames(removeSpectralNorm, options, { name: true });
  const { name = 'weight' } = options;
  requireRecomputed(module, SpectralNorm, name, 'spectral_norm').remove(module);
  return module;
}
