import { TorchError, ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import { isTensor, type Tensor } from '../../tensor.js';
import { numberOf } from '../hyperparameter.js';
import type { Optimizer } from '../optimizer.js';
import { requireOptimizer } from './lr-scheduler.js';
import { groupRates, Scheduler, setRate } from './scheduler.js';

export interface ReduceLROnPlateauOptions {
  /** Whether the metric should fall or rise. */
  mode?: 'min' | 'max';
  factor?: number;
  /** Epochs without an improvement that are forgiven. */
  patience?: number;
  /** What counts as an improvement, relative to the best or absolute. */
  threshold?: number;
  thresholdMode?: 'rel' | 'abs';
  /** Epochs after a reduction that are not counted. */
  cooldown?: number;
  minLr?: number | readonly number[];
  /** A smaller change than this is not made. */
  eps?: number;
}

/** Multiplies the learning rates by `factor` when a metric has stopped to improve. `step` takes the metric. */
export class ReduceLROnPlateau extends Scheduler {
  readonly factor: number;
  readonly patience: number;
  readonly cooldown: number;
  readonly eps: number;
  minLrs: number[];
  lastEpoch = 0;
  best: number;
  cooldownCounter = 0;
  numBadEpochs = 0;
  protected readonly defaultMinLr: number | null;
  protected modeWorse: number;
  protected readonly mode: string;
  protected readonly threshold: number;
  protected readonly thresholdMode: string;

  constructor(optimizer: Optimizer, options: ReduceLROnPlateauOptions = {}) {
    requireNames(new.target, options, {
      mode: true,
      factor: true,
      patience: true,
      threshold: true,
      thresholdMode: true,
      cooldown: true,
      minLr: true,
      eps: true,
    });
    const { mode = 'min', factor = 0.1, patience = 10, threshold = 1e-4, thresholdMode = 'rel' } = options;
    const { cooldown = 0, minLr = 0, eps = 1e-8 } = options;
    if (factor >= 1) throw new ValueError('Factor should be < 1.0.');
    requireOptimizer(optimizer);
    super(optimizer);
    const { length } = optimizer.paramGroups;
    if (typeof minLr !== 'number' && minLr.length !== length) {
      throw new ValueError(`expected ${length} min_lrs, got ${minLr.length}`);
    }
    if (!['min', 'max'].includes(mode)) throw new ValueError(`mode ${mode} is unknown!`);
    if (!['rel', 'abs'].includes(thresholdMode)) {
      throw new ValueError(`threshold mode ${thresholdMode} is unknown!`);
    }
    this.factor = factor;
    this.defaultMinLr = typeof minLr === 'number' ? minLr : null;
    this.minLrs = typeof minLr === 'number' ? Array<number>(length).fill(minLr) : [...minLr];
    this.patience = patience;
    this.cooldown = cooldown;
    this.eps = eps;
    this.lastLr = groupRates(optimizer);
    this.modeWorse = mode === 'min' ? Infinity : -Infinity;
    this.mode = mode;
    this.threshold = threshold;
    this.thresholdMode = thresholdMode;
    this.best = this.modeWorse;
  }

  protected override stateKeys(): Record<string, string> {
    return {
      factor: 'factor',
      default_min_lr: 'defaultMinLr',
      min_lrs: 'minLrs',
      patience: 'patience',
      cooldown: 'cooldown',
      eps: 'eps',
      last_epoch: 'lastEpoch',
      _last_lr: 'lastLr',
      mode_worse: 'modeWorse',
      mode: 'mode',
      threshold: 'threshold',
      threshold_mode: 'thresholdMode',
      best: 'best',
      cooldown_counter: 'cooldownCounter',
      num_bad_epochs: 'numBadEpochs',
    };
  }

  /** The lower bounds are ints in files where they were given as such: Python's default is 0. */
  override stateDict(): Map<string, unknown> {
    return super.stateDict().set('min_lrs', [...this.minLrs]);
  }

  get inCooldown(): boolean {
    return this.cooldownCounter > 0;
  }

  #isBetter(value: number): boolean {
    const { best, threshold } = this;
    if (this.mode === 'min') {
      return value < (this.thresholdMode === 'rel' ? best * (1 - threshold) : best - threshold);
    }
    return value > (this.thresholdMode === 'rel' ? best * (threshold + 1) : best + threshold);
  }

  override step(metric: number | Tensor, epoch = this.lastEpoch + 1): void {
    const current = isTensor(metric) ? Number(metric.item()) : metric;
    this.lastEpoch = epoch;
    if (this.#isBetter(current)) {
      this.best = current;
      this.numBadEpochs = 0;
    } else {
      this.numBadEpochs += 1;
    }
    if (this.inCooldown) {
      this.cooldownCounter -= 1;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs > this.patience) {
      this.#reduce();
      this.cooldownCounter = this.cooldown;
      this.numBadEpochs = 0;
    }
    this.lastLr = groupRates(this.optimizer);
  }

  #reduce(): void {
    const groups = this.optimizer.paramGroups;
    if (groups.length !== this.minLrs.length) {
      if (this.defaultMinLr === null) {
        throw new TorchError(
          `The number of param groups in the \`optimizer\` (${groups.length}) differs from when ` +
            `\`ReduceLROnPlateau\` was initialized (${this.minLrs.length}), usually due to a new param group being ` +
            'added to the optimizer. Please modify the `min_lrs` field to match the length of the `optimizer` param groups.',
        );
      }
      this.minLrs = Array<number>(groups.length).fill(this.defaultMinLr);
    }
    for (const [index, group] of groups.entries()) {
      const old = numberOf(group.lr);
      const reduced = Math.max(old * this.factor, this.minLrs[index] as number);
      if (old - reduced > this.eps) setRate(group, reduced);
    }
  }
}
