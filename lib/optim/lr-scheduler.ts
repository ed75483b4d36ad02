// torch.optim.lr_scheduler: the recursive forms exactly as Python computes them.

import { ValueError } from '../errors.js';
import { cos } from '../python-number.js';
import { typeText } from '../python-text.js';
import { float } from '../scalar.js';
import { Optimizer } from './optimizer.js';

export interface LRSchedulerOptions {
  /** The last epoch of a run that is continued; -1 starts anew. */
  lastEpoch?: number;
}

/**
 * Base of the schedulers. A subclass sets its own fields and then calls `initialStep()`, as Python's constructors do
 * the other way round. Making one overwrites the optimizer's `lr`: load the optimizer's state afterwards.
 */
export abstract class LRScheduler {
  readonly baseLrs: number[];
  lastEpoch: number;
  protected stepCount = 0;
  protected isInitial = false;
  /** Python's flag for a warning that does not exist here; part of the state dict. */
  protected getLrCalledWithinStep = false;
  protected lastLr: number[] = [];

  constructor(
    readonly optimizer: Optimizer,
    { lastEpoch = -1 }: LRSchedulerOptions = {},
  ) {
    if (!(optimizer instanceof Optimizer)) throw new TypeError(`${typeText(optimizer)} is not an Optimizer`);
    this.lastEpoch = lastEpoch;
    this.baseLrs = optimizer.paramGroups.map((group, index) => {
      if (lastEpoch === -1) group.initialLr ??= group.lr;
      else if (group.initialLr === undefined) throw new ValueError(missingInitialLr(index));
      return group.initialLr;
    });
    optimizer.stepCalled ??= false;
  }

  /** The learning rate of each group at `lastEpoch`, from the groups' present ones. */
  protected abstract getLr(): number[];

  /** The fields of a subclass that go into the state dict, by their names there. */
  protected abstract ownKeys(): Record<string, string>;

  protected initialStep(): void {
    this.stepCount = 0;
    this.isInitial = true;
    this.step();
    this.isInitial = false;
  }

  /** Call it after the optimizer's `step`. */
  step(): void {
    if (this.stepCount === 1 && !this.optimizer.stepCalled) {
      process.emitWarning(
        'Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, you should ' +
          'call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  Failure to do this ' +
          'will result in PyTorch skipping the first value of the learning rate schedule. See more details at ' +
          'https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate',
        'UserWarning',
      );
    }
    this.stepCount += 1;
    this.lastEpoch += 1;
    const { paramGroups } = this.optimizer;
    for (const [index, lr] of this.getLr().entries()) {
      const group = paramGroups[index];
      if (group) group.lr = lr;
    }
    this.lastLr = this.#lrs();
  }

  #lrs(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  /** What the last step set, for each group. */
  getLastLr(): number[] {
    return [...this.lastLr];
  }

  #keys(): [string, string][] {
    return Object.entries({ ...this.ownKeys(), ...baseKeys });
  }

  /** Python's dict, in its order. */
  stateDict(): Map<string, unknown> {
    return new Map(this.#keys().map(([name, field]) => [name, packed(Reflect.get(this, field))]));
  }

  loadStateDict(state: ReadonlyMap<string, unknown>): void {
    for (const [name, field] of this.#keys()) {
      if (state.has(name)) Reflect.set(this, field, unpacked(state.get(name)));
    }
  }
}

const baseKeys = {
  base_lrs: 'baseLrs',
  last_epoch: 'lastEpoch',
  _step_count: 'stepCount',
  _is_initial: 'isInitial',
  _get_lr_called_within_step: 'getLrCalledWithinStep',
  _last_lr: 'lastLr',
};

/** The lists in a scheduler's state are learning rates: floats in files, also where they are integral. */
function packed(value: unknown): unknown {
  return Array.isArray(value) ? value.map((rate) => (Number.isInteger(rate) ? float(rate) : rate)) : value;
}

function unpacked(value: unknown): unknown {
  return Array.isArray(value) ? value.map(Number) : value;
}

function missingInitialLr(index: number): string {
  return (
    `param 'initial_lr' is not specified in param_groups[${index}] when resuming scheduler with last_epoch >= 0.\n` +
    'This typically happens when:\n' +
    "1. You're trying to resume training from a checkpoint but haven't properly loaded the optimizer state\n" +
    "2. You're using last_epoch >= 0 for a fresh training run (not recommended)"
  );
}

export interface StepLROptions extends LRSchedulerOptions {
  gamma?: number;
}

/** Multiplies the learning rates by `gamma` every `stepSize` epochs. */
export class StepLR extends LRScheduler {
  readonly gamma: number;

  constructor(
    optimizer: Optimizer,
    readonly stepSize: number,
    { gamma = 0.1, lastEpoch }: StepLROptions = {},
  ) {
    super(optimizer, { lastEpoch });
    this.gamma = gamma;
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return { step_size: 'stepSize', gamma: 'gamma' };
  }

  protected override getLr(): number[] {
    const decays = this.lastEpoch !== 0 && this.lastEpoch % this.stepSize === 0;
    return this.optimizer.paramGroups.map(({ lr }) => (decays ? lr * this.gamma : lr));
  }
}

export interface CosineAnnealingLROptions extends LRSchedulerOptions {
  /** The smallest learning rate, reached after `tMax` steps. */
  etaMin?: number;
}

/** Half a cosine from the initial learning rate down to `etaMin` in `tMax` steps (Loshchilov & Hutter 2016). */
export class CosineAnnealingLR extends LRScheduler {
  readonly etaMin: number;

  constructor(
    optimizer: Optimizer,
    readonly tMax: number,
    { etaMin = 0, lastEpoch }: CosineAnnealingLROptions = {},
  ) {
    super(optimizer, { lastEpoch });
    this.etaMin = etaMin;
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return { T_max: 'tMax', eta_min: 'etaMin' };
  }

  protected override getLr(): number[] {
    const { lastEpoch, tMax, etaMin, optimizer } = this;
    const lrs = optimizer.paramGroups.map(({ lr }) => lr);
    if (this.isInitial) return lrs;
    if (this.stepCount === 1 && lastEpoch > 0) {
      return this.baseLrs.map(
        (base) => etaMin + ((base - etaMin) * (1 + cos((lastEpoch * Math.PI) / tMax))) / 2,
      );
    }
    if ((lastEpoch - 1 - tMax) % (2 * tMax) === 0) {
      const rise = 1 - cos(Math.PI / tMax);
      return lrs.map((lr, index) => lr + (((this.baseLrs[index] as number) - etaMin) * rise) / 2);
    }
    const now = 1 + cos((Math.PI * lastEpoch) / tMax);
    const before = 1 + cos((Math.PI * (lastEpoch - 1)) / tMax);
    return lrs.map((lr) => (now / before) * (lr - etaMin) + etaMin);
  }
}

/** A factor of the initial learning rate, from the epoch. */
export type LRLambda = (epoch: number) => number;

/** Multiplies the initial learning rates by what functions of the epoch say, one for all groups or one for each. */
export class LambdaLR extends LRScheduler {
  readonly lrLambdas: readonly LRLambda[];

  constructor(
    optimizer: Optimizer,
    lrLambda: LRLambda | readonly LRLambda[],
    options: LRSchedulerOptions = {},
  ) {
    super(optimizer, options);
    const groups = optimizer.paramGroups;
    this.lrLambdas = typeof lrLambda === 'function' ? groups.map(() => lrLambda) : lrLambda;
    if (this.lrLambdas.length !== groups.length) {
      throw new ValueError(`Expected ${groups.length} lr_lambdas, but got ${this.lrLambdas.length}`);
    }
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return {};
  }

  /** The functions are not saved: as in Python, null stands for each. */
  override stateDict(): Map<string, unknown> {
    return super.stateDict().set(
      'lr_lambdas',
      this.lrLambdas.map(() => null),
    );
  }

  protected override getLr(): number[] {
    return this.lrLambdas.map((factor, index) => (this.baseLrs[index] as number) * factor(this.lastEpoch));
  }
}
