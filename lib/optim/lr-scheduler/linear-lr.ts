import { ValueError } from '../../errors.js';
import { requireKnown } from '../../options.js';
import { pow } from '../../python-number.js';
import { type Hyperparameter, times } from '../hyperparameter.js';
import type { Optimizer } from '../optimizer.js';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.js';
import { groupRates } from './scheduler.js';

export interface ConstantLROptions extends LRSchedulerOptions {
  factor?: number;
  /** Epochs until the initial learning rate is back. */
  totalIters?: number;
}

/** `factor` times the initial learning rates for the first epochs. */
export class ConstantLR extends LRScheduler {
  readonly factor: number;
  readonly totalIters: number;

  constructor(optimizer: Optimizer, options: ConstantLROptions = {}) {
    const { factor = 1 / 3, totalIters = 5, lastEpoch, ...others } = options;
    requireKnown(new.target, options, others);
    if (factor > 1 || factor < 0) {
      throw new ValueError('Constant multiplicative factor expected to be between 0 and 1.');
    }
    super(optimizer, { lastEpoch });
    this.factor = factor;
    this.totalIters = totalIters;
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return { factor: 'factor', total_iters: 'totalIters' };
  }

  protected override getLr(): Hyperparameter[] {
    const { lastEpoch, factor, totalIters } = this;
    const rates = groupRates(this.optimizer);
    if (lastEpoch === 0) return rates.map((lr) => times(lr, factor));
    return lastEpoch === totalIters ? rates.map((lr) => times(lr, 1 / factor)) : rates;
  }

  protected override closedForm(): Hyperparameter[] {
    const over = this.lastEpoch >= this.totalIters ? 1 : 0;
    return this.baseLrs.map((base) => times(base, this.factor + over * (1 - this.factor)));
  }
}

export interface LinearLROptions extends LRSchedulerOptions {
  startFactor?: number;
  endFactor?: number;
  /** Epochs from one factor to the other. */
  totalIters?: number;
}

/** A factor of the initial learning rates that changes linearly: a warm-up. */
export class LinearLR extends LRScheduler {
  readonly startFactor: number;
  readonly endFactor: number;
  readonly totalIters: number;

  constructor(optimizer: Optimizer, options: LinearLROptions = {}) {
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5, lastEpoch, ...others } = options;
    requireKnown(new.target, options, others);
    if (startFactor > 1 || startFactor <= 0) {
      throw new ValueError(
        'Starting multiplicative factor expected to be greater than 0 and less or equal to 1.',
      );
    }
    if (endFactor > 1 || endFactor < 0) {
      throw new ValueError('Ending multiplicative factor expected to be between 0 and 1.');
    }
    super(optimizer, { lastEpoch });
    this.startFactor = startFactor;
    this.endFactor = endFactor;
    this.totalIters = totalIters;
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return { start_factor: 'startFactor', end_factor: 'endFactor', total_iters: 'totalIters' };
  }

  protected override getLr(): Hyperparameter[] {
    const { lastEpoch, startFactor, endFactor, totalIters } = this;
    const rates = groupRates(this.optimizer);
    if (lastEpoch === 0) return rates.map((lr) => times(lr, startFactor));
    if (this.isInitial || lastEpoch > totalIters) return rates;
    const rise = endFactor - startFactor;
    const factor = 1 + rise / (totalIters * startFactor + (lastEpoch - 1) * rise);
    return rates.map((lr) => times(lr, factor));
  }

  protected override closedForm(): Hyperparameter[] {
    const { lastEpoch, startFactor, endFactor, totalIters } = this;
    const factor = startFactor + ((endFactor - startFactor) * Math.min(totalIters, lastEpoch)) / totalIters;
    return this.baseLrs.map((base) => times(base, factor));
  }
}

export interface PolynomialLROptions extends LRSchedulerOptions {
  /** Epochs until the learning rate is 0. */
  totalIters?: number;
  power?: number;
}

/** Down to 0 by a polynomial of the epochs that are left. */
export class PolynomialLR extends LRScheduler {
  readonly totalIters: number;
  readonly power: number;

  constructor(optimizer: Optimizer, options: PolynomialLROptions = {}) {
    const { totalIters = 5, power = 1, lastEpoch, ...others } = options;
    requireKnown(new.target, options, others);
    super(optimizer, { lastEpoch });
    this.totalIters = totalIters;
    this.power = power;
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return { total_iters: 'totalIters', power: 'power' };
  }

  protected override getLr(): Hyperparameter[] {
    const { lastEpoch, totalIters } = this;
    const rates = groupRates(this.optimizer);
    if (this.isInitial || lastEpoch > totalIters) return rates;
    const factor = pow((1 - lastEpoch / totalIters) / (1 - (lastEpoch - 1) / totalIters), this.power);
    return rates.map((lr) => times(lr, factor));
  }

  protected override closedForm(): Hyperparameter[] {
    const left = 1 - Math.min(this.totalIters, this.lastEpoch) / this.totalIters;
    return this.baseLrs.map((base) => times(base, pow(left, this.power)));
  }
}
