import { noGrad } from '../../autograd/index.js';
import { ValueError } from '../../errors.js';
import { requireKnown } from '../../options.js';
import { typeText } from '../../python-text.js';
import type { Hyperparameter } from '../hyperparameter.js';
import { Optimizer } from '../optimizer.js';
import { copied, groupRates, Scheduler, setRate } from './scheduler.js';

export interface LRSchedulerOptions {
  /** The last epoch of a run that is continued; -1 starts anew. */
  lastEpoch?: number;
}

/** Throws TypeError. */
export function requireOptimizer(optimizer: unknown): void {
  if (!(optimizer instanceof Optimizer)) throw new TypeError(`${typeText(optimizer)} is not an Optimizer`);
}

/**
 * Base of the schedulers that count epochs. A subclass sets its own fields and then calls `initialStep()`, as Python's
 * constructors do the other way round. Making one overwrites the optimizer's `lr`: load the optimizer's state afterwards.
 */
export abstract class LRScheduler extends Scheduler {
  baseLrs: Hyperparameter[];
  lastEpoch: number;
  protected stepCount = 0;
  protected isInitial = false;
  /** Python's flag for a warning that does not exist here; part of the state dict. */
  protected getLrCalledWithinStep = false;

  constructor(optimizer: Optimizer, options: LRSchedulerOptions = {}) {
    const { lastEpoch = -1, ...others } = options;
    requireKnown(new.target, options, others);
    requireOptimizer(optimizer);
    super(optimizer);
    this.lastEpoch = lastEpoch;
    for (const [index, group] of optimizer.paramGroups.entries()) {
      if (lastEpoch === -1) group.initialLr ??= copied(group.lr);
      else if (group.initialLr === undefined) throw new ValueError(missingInitialLr(index));
    }
    this.baseLrs = groupRates(optimizer, 'initialLr');
    optimizer.stepCalled ??= false;
  }

  /** The learning rate of each group at `lastEpoch`, from the groups' present ones. */
  protected abstract getLr(): Hyperparameter[];

  /** The same from the initial ones, where there is such a formula. */
  protected closedForm?(): Hyperparameter[];

  /** The fields of a subclass that go into the state dict, by their names there. */
  protected abstract ownKeys(): Record<string, string>;

  protected override stateKeys(): Record<string, string> {
    return { ...this.ownKeys(), ...baseKeys };
  }

  /** The step that a constructor ends with; a sequence of schedulers repeats it. */
  initialStep(): void {
    this.stepCount = 0;
    this.isInitial = true;
    this.step();
    this.isInitial = false;
  }

  /** Call it after the optimizer's `step`. With an epoch, which PyTorch deprecates, the closed form is used. */
  step(epoch?: number): void {
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
    this.moveTo(epoch);
  }

  /** Sets the rates of the next epoch, or of the one given. */
  moveTo(epoch?: number): void {
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    this.applied(() => (epoch === undefined || !this.closedForm ? this.getLr() : this.closedForm()));
  }

  protected applied(rates: () => Hyperparameter[]): void {
    noGrad(() => {
      for (const [index, rate] of rates().entries()) {
        const group = this.optimizer.paramGroups[index];
        if (group) setRate(group, rate);
      }
    });
    this.lastLr = groupRates(this.optimizer);
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

function missingInitialLr(index: number): string {
  return (
    `param 'initial_lr' is not specified in param_groups[${index}] when resuming scheduler with last_epoch >= 0.\n` +
    'This typically happens when:\n' +
    "1. You're trying to resume training from a checkpoint but haven't properly loaded the optimizer state\n" +
    "2. You're using last_epoch >= 0 for a fresh training run (not recommended)"
  );
}

/** One value for each group: a list as it is, a number for all. Throws ValueError. */
export function perGroup<T extends Hyperparameter>(
  name: string,
  optimizer: Optimizer,
  value: T | readonly T[],
): T[] {
  const { length } = optimizer.paramGroups;
  if (!Array.isArray(value)) return Array.from({ length }, () => copied(value as T) as T);
  const list = value as readonly T[];
  if (list.length === length) return list.map((item) => copied(item) as T);
  throw new ValueError(
    `${name} must have the same length as optimizer.param_groups. ` +
      `${name} has ${list.length} values, param_groups has ${length}.`,
  );
}

/** `bisect_right`: how many of the milestones lie at or before the epoch. */
export function reached(milestones: readonly number[], epoch: number): number {
  return milestones.filter((milestone) => milestone <= epoch).length;
}
