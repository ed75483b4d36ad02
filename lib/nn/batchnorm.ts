import { tensor } from '../creation.js';
import { int64 } from '../dtype.js';
import { ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { requireKnown, requireOptions } from '../options.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import type { FactoryOptions } from './factory-options.js';
import { batchNorm } from './functional.js';
import { ones_, zeros_ } from './init.js';
import type { StateDictLoad } from './load-state-dict.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';

export interface BatchNormOptions extends FactoryOptions {
  eps?: number;
  /** Weight of the newest batch in the running statistics; null: their plain average over all batches. */
  momentum?: number | null;
  affine?: boolean;
  /** Without running statistics eval mode uses the batch's too. */
  trackRunningStats?: boolean;
  bias?: boolean;
}

/** Per-channel scale, shift and running statistics (PyTorch's `_NormBase`). */
export abstract class NormBase extends Module {
  weight: Parameter | null;
  bias: Parameter | null;
  readonly runningMean: Tensor | null;
  readonly runningVar: Tensor | null;
  /** Batches seen in training mode, int64. Keys exist since version 2. */
  readonly numBatchesTracked: Tensor | null;

  eps: number;
  momentum: number | null;
  readonly affine: boolean;
  trackRunningStats: boolean;

  constructor(
    readonly numFeatures: number,
    options: BatchNormOptions,
  ) {
    super();
    const {
      eps = 1e-5,
      momentum = 0.1,
      affine = true,
      trackRunningStats = true,
      bias = true,
      ...rest
    } = options;
    const { device, dtype, ...others } = rest;
    requireKnown(new.target, options, others);
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    const empty = (): Parameter => new Parameter(aten.empty([numFeatures], { dtype, device }));
    this.weight = affine ? empty() : null;
    this.bias = affine && bias ? empty() : null;
    const statistic = (make: () => Tensor): Tensor | null => (trackRunningStats ? make() : null);
    const mean = statistic(() => aten.zeros([numFeatures], { dtype, device }));
    const variance = statistic(() => aten.ones([numFeatures], { dtype, device }));
    const batches = statistic(() => aten.zeros([], { dtype: int64, device }));
    this.runningMean = this.registerBuffer('runningMean', mean);
    this.runningVar = this.registerBuffer('runningVar', variance);
    this.numBatchesTracked = this.registerBuffer('numBatchesTracked', batches);
    this.resetParameters();
  }

  override get stateVersion(): number {
    return 2;
  }

  protected abstract checkInputDim(input: Tensor): void;

  resetRunningStats(): void {
    this.runningMean?.zero_();
    this.runningVar?.fill_(1);
    this.numBatchesTracked?.zero_();
  }

  resetParameters(): void {
    this.resetRunningStats();
    if (this.weight) ones_(this.weight);
    if (this.bias) zeros_(this.bias);
  }

  protected override loadFromStateDict(load: StateDictLoad): void {
    const key = `${load.prefix}num_batches_tracked`;
    if (this.numBatchesTracked && (load.version ?? 1) < 2 && !load.state.has(key)) {
      const known = this.numBatchesTracked.device.type !== 'meta';
      load.state.set(key, known ? this.numBatchesTracked : tensor(0n));
    }
    super.loadFromStateDict(load);
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this;
    return (
      `${numFeatures}, eps=${valueText(eps)}, momentum=${valueText(momentum)}, affine=${valueText(affine)}, ` +
      `bias=${valueText(this.bias !== null)}, track_running_stats=${valueText(trackRunningStats)}`
    );
  }
}

function expectDims(input: Tensor, ...expected: number[]): void {
  if (expected.includes(input.dim())) return;
  const texts = expected.map((dims) => `${dims}D`).join(' or ');
  throw new ValueError(`expected ${texts} input (got ${input.dim()}D input)`);
}

/** What BatchNorm over any number of dimensions shares (PyTorch's `_BatchNorm`). */
export abstract class BatchNorm extends NormBase {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    requireOptions(new.target, options);
    super(numFeatures, options);
  }

  override forward(input: Tensor): Tensor {
    this.checkInputDim(input);
    const { training, runningMean, runningVar, numBatchesTracked, weight, bias, eps } = this;
    const tracking = training && this.trackRunningStats;
    let momentum = this.momentum ?? 0;
    if (tracking && numBatchesTracked) {
      numBatchesTracked.add_(1);
      if (this.momentum === null) momentum = 1 / Number(numBatchesTracked.item());
    }
    const useBatch = training || (runningMean === null && runningVar === null);
    // The buffers are passed where they are read (eval) or updated (tracking), not otherwise.
    const pass = !training || this.trackRunningStats;
    return batchNorm(input, pass ? runningMean : null, pass ? runningVar : null, {
      weight,
      bias,
      training: useBatch,
      momentum,
      eps,
    });
  }
}

/** Batch normalisation over [N, C] or [N, C, L] (Ioffe & Szegedy 2015). Throws ValueError for other dimensions. */
export class BatchNorm1d extends BatchNorm {
  protected override checkInputDim(input: Tensor): void {
    expectDims(input, 2, 3);
  }
}

/** Batch normalisation over [N, C, H, W] (Ioffe & Szegedy 2015). Throws ValueError for other dimensions. */
export class BatchNorm2d extends BatchNorm {
  protected override checkInputDim(input: Tensor): void {
    expectDims(input, 4);
  }
}

/** Batch normalisation over [N, C, D, H, W] (Ioffe & Szegedy 2015). Throws ValueError for other dimensions. */
export class BatchNorm3d extends BatchNorm {
  protected override checkInputDim(input: Tensor): void {
    expectDims(input, 5);
  }
}

/** BatchNorm over the whole batch of several processes; there are none here, where PyTorch's does what BatchNorm does. */
export class SyncBatchNorm extends BatchNorm {
  /** The module with a SyncBatchNorm in the place of each batch normalisation, with the same tensors. */
  static convertSyncBatchnorm<M extends Module>(module: M): M {
    const output = module instanceof BatchNorm ? SyncBatchNorm.like(module) : module;
    for (const [name, child] of module.namedChildren()) {
      output.setSubmodule(name, SyncBatchNorm.convertSyncBatchnorm(child));
    }
    return output as M;
  }

  private static like(norm: BatchNorm): SyncBatchNorm {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = norm;
    const made = new SyncBatchNorm(numFeatures, { eps, momentum, affine, trackRunningStats });
    const { weight, bias, runningMean, runningVar, numBatchesTracked, training } = norm;
    return Object.assign(made, { weight, bias, runningMean, runningVar, numBatchesTracked, training });
  }

  protected override checkInputDim(input: Tensor): void {
    if (input.dim() < 2) throw new ValueError(`expected at least 2D input (got ${input.dim()}D input)`);
    if (input.size(1) === 0)
      throw new ValueError('SyncBatchNorm number of input channels should be non-zero');
  }
}
