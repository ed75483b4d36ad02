import { requireKnown, requireOptions } from '../../options.js';
import { floorDiv, pow } from '../../python-number.js';
import { type Hyperparameter, times } from '../hyperparameter.js';
import type { Optimizer } from '../optimizer.js';
import { LRScheduler, type LRSchedulerOptions, reached } from './lr-scheduler.js';
import { groupRates } from './scheduler.js';

export interface StepLROptions extends LRSchedulerOptions {
  gamma?: number;
}

/** Multiplies the learning rates by `gamma` every `stepSize` epochs. */
export class StepLR extends LRScheduler {
  readonly gamma: number;

  constructor(
    optimizer: Optimizer,
    readonly stepSize: number,
    options: StepLROptions = {},
  ) {
    const { gamma = 0.1, lastEpoch, ...others } = options;
    requireKnown(new.target, options, others);
    super(optimizer, { lastEpoch });
    this.gamma = gamma;
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return { step_size: 'stepSize', gamma: 'gamma' };
  }

  protected override getLr(): Hyperparameter[] {
    const decays = this.lastEpoch !== 0 && this.lastEpoch % this.stepSize === 0;
    return groupRates(this.optimizer).map((lr) => (decays ? times(lr, this.gamma) : lr));
  }

  protected override closedForm(): Hyperparameter[] {
    const factor = pow(this.gamma, floorDiv(this.lastEpoch, this.stepSize));
    return this.baseLrs.map((base) => times(base, factor));
  }
}

/** Multiplies the learning rates by `gamma` at each of the milestones; a milestone may stand there several times. */
export class MultiStepLR extends LRScheduler {
  readonly gamma: number;
  /** How often each epoch stands among the milestones: Python's Counter. */
  readonly milestones: ReadonlyMap<number, number>;

  constructor(optimizer: Optimizer, milestones: Iterable<number>, options: StepLROptions = {}) {
    const { gamma = 0.1, lastEpoch, ...others } = options;
    requireKnown(new.target, options, others);
    super(optimizer, { lastEpoch });
    const counts = new Map<number, number>();
    for (const milestone of milestones) counts.set(milestone, (counts.get(milestone) ?? 0) + 1);
    this.milestones = counts;
    this.gamma = gamma;
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return { milestones: 'milestones', gamma: 'gamma' };
  }

  protected override getLr(): Hyperparameter[] {
    const count = this.milestones.get(this.lastEpoch);
    const rates = groupRates(this.optimizer);
    return count === undefined ? rates : rates.map((lr) => times(lr, pow(this.gamma, count)));
  }

  protected override closedForm(): Hyperparameter[] {
    const all = [...this.milestones].flatMap(([milestone, count]) => Array<number>(count).fill(milestone));
    const factor = pow(this.gamma, reached(all, this.lastEpoch));
    return this.baseLrs.map((base) => times(base, factor));
  }
}

/** Multiplies the learning rates by `gamma` every epoch. */
export class ExponentialLR extends LRScheduler {
  constructor(
    optimizer: Optimizer,
    readonly gamma: number,
    options: LRSchedulerOptions = {},
  ) {
    requireOptions(new.target, options);
    super(optimizer, options);
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return { gamma: 'gamma' };
  }

  protected override getLr(): Hyperparameter[] {
    return groupRates(this.optimizer).map((lr) => (this.isInitial ? lr : times(lr, this.gamma)));
  }

  protected override closedForm(): Hyperparameter[] {
    return this.baseLrs.map((base) => times(base, pow(this.gamma, this.lastEpoch)));
  }
}
