import { ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import { pow } from '../../python-number.js';
import { type Hyperparameter, minus, plus, times } from '../hyperparameter.js';
import type { Optimizer } from '../optimizer.js';
import { cyclesBeta1, setMomentum, startMomentum } from './cycled-momentum.js';
import { LRScheduler, type LRSchedulerOptions, perGroup, requireOptimizer } from './lr-scheduler.js';
import { setRate } from './scheduler.js';

type PerGroup<T> = T | readonly T[];

export interface CyclicLROptions extends LRSchedulerOptions {
  /** Batches of the rising half of a cycle. */
  stepSizeUp?: number;
  /** Batches of the falling half; null: as many. */
  stepSizeDown?: number | null;
  mode?: 'triangular' | 'triangular2' | 'exp_range';
  gamma?: number;
  /** Scales the amplitude, in place of a mode. */
  scaleFn?: ((x: number) => number) | null;
  /** What `scaleFn` gets: the number of the cycle, or of the batch. */
  scaleMode?: 'cycle' | 'iterations';
  /** Momentum moves against the learning rate. */
  cycleMomentum?: boolean;
  baseMomentum?: PerGroup<number>;
  maxMomentum?: PerGroup<number>;
}

/** Learning rates that go up and down between two bounds, batch by batch (Smith 2015). */
export class CyclicLR extends LRScheduler {
  protected readonly maxLrs: Hyperparameter[];
  protected readonly totalSize: number;
  protected readonly stepRatio: number;
  protected readonly mode: string;
  protected readonly gamma: number;
  protected scaleMode: string;
  protected readonly cycleMomentum: boolean;
  protected readonly useBeta1?: boolean;
  protected readonly baseMomentums?: number[];
  protected readonly maxMomentums?: number[];
  readonly #scaleFn: (x: number) => number;

  constructor(
    optimizer: Optimizer,
    baseLr: PerGroup<Hyperparameter>,
    maxLr: PerGroup<Hyperparameter>,
    options: CyclicLROptions = {},
  ) {
    requireNames(new.target, options, {
      stepSizeUp: true,
      stepSizeDown: true,
      mode: true,
      gamma: true,
      scaleFn: true,
      scaleMode: true,
      cycleMomentum: true,
      baseMomentum: true,
      maxMomentum: true,
      lastEpoch: true,
    });
    requireOptimizer(optimizer);
    const { stepSizeUp = 2000, mode = 'triangular', gamma = 1, scaleFn = null, lastEpoch = -1 } = options;
    const { cycleMomentum = true, baseMomentum = 0.8, maxMomentum = 0.9 } = options;
    const baseLrs = perGroup('base_lr', optimizer, baseLr);
    if (lastEpoch === -1) {
      for (const [index, group] of optimizer.paramGroups.entries())
        setRate(group, baseLrs[index] as Hyperparameter);
    }
    if (!['triangular', 'triangular2', 'exp_range'].includes(mode) && !scaleFn) {
      throw new ValueError('mode is invalid and scale_fn is None');
    }
    const useBeta1 = cycleMomentum ? cyclesBeta1(optimizer) : undefined;
    const [low, high] = [baseMomentum, maxMomentum].map((value, index) =>
      cycleMomentum ? perGroup(index === 0 ? 'base_momentum' : 'max_momentum', optimizer, value) : undefined,
    );
    if (lastEpoch === -1 && low && high) startMomentum(optimizer.paramGroups, low, high);
    super(optimizer, { lastEpoch });
    this.maxLrs = perGroup('max_lr', optimizer, maxLr);
    this.totalSize = stepSizeUp + (options.stepSizeDown ?? stepSizeUp);
    this.stepRatio = stepSizeUp / this.totalSize;
    this.mode = mode;
    this.gamma = gamma;
    this.#scaleFn = scaleFn ?? scales(gamma)[mode];
    const ownMode = mode === 'exp_range' ? 'iterations' : 'cycle';
    this.scaleMode = scaleFn ? (options.scaleMode ?? 'cycle') : ownMode;
    this.cycleMomentum = cycleMomentum;
    [this.useBeta1, this.baseMomentums, this.maxMomentums] = [useBeta1, low, high];
    this.initialStep();
    this.baseLrs = baseLrs;
  }

  protected override ownKeys(): Record<string, string> {
    const momentum = {
      use_beta1: 'useBeta1',
      base_momentums: 'baseMomentums',
      max_momentums: 'maxMomentums',
    };
    return {
      max_lrs: 'maxLrs',
      total_size: 'totalSize',
      step_ratio: 'stepRatio',
      mode: 'mode',
      gamma: 'gamma',
      scale_mode: 'scaleMode',
      cycle_momentum: 'cycleMomentum',
      ...(this.cycleMomentum ? momentum : {}),
    };
  }

  /** The function is not saved: as in Python, null stands for it. */
  override stateDict(): Map<string, unknown> {
    return super.stateDict().set('_scale_fn_custom', null);
  }

  protected override getLr(): Hyperparameter[] {
    const { lastEpoch, totalSize, stepRatio, scaleMode } = this;
    const cycle = Math.floor(1 + lastEpoch / totalSize);
    const x = 1 + lastEpoch / totalSize - cycle;
    const height = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1);
    const scale = this.#scaleFn(scaleMode === 'cycle' ? cycle : lastEpoch);
    if (this.cycleMomentum) {
      for (const [index, group] of this.optimizer.paramGroups.entries()) {
        const [low, high] = [this.baseMomentums?.[index] as number, this.maxMomentums?.[index] as number];
        setMomentum(group, high - (high - low) * height * scale);
      }
    }
    return this.baseLrs.map((low, index) => {
      const rise = times(minus(this.maxLrs[index] as Hyperparameter, low), height);
      return plus(low, times(rise, scale));
    });
  }
}

const scales = (gamma: number) => ({
  triangular: () => 1,
  triangular2: (cycle: number) => 1 / pow(2, cycle - 1),
  exp_range: (batch: number) => pow(gamma, batch),
});
