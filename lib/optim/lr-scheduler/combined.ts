// Schedulers made of others.

import { ValueError } from '../../errors.js';
import { requireKnown } from '../../options.js';
import type { Hyperparameter } from '../hyperparameter.js';
import type { Optimizer } from '../optimizer.js';
import { LRScheduler, reached } from './lr-scheduler.js';
import { ReduceLROnPlateau } from './reduce-lr-on-plateau.js';
import { groupRates, Scheduler, setRate } from './scheduler.js';

function requireFitting(name: string, schedulers: readonly Scheduler[], optimizer: Optimizer): void {
  for (const [index, scheduler] of schedulers.entries()) {
    if (!scheduler.optimizer) {
      throw new TypeError(`${name} at index ${index} should have \`optimizer\` as its attribute.`);
    }
    if (scheduler instanceof ReduceLROnPlateau) {
      throw new ValueError(
        `${name} does not support \`ReduceLROnPlateau\` scheduler as it requires additional kwargs to be specified ` +
          `when calling \`step\`, but got one at index ${index} in the given schedulers sequence.`,
      );
    }
    if (scheduler.optimizer !== optimizer) {
      throw new ValueError(
        `${name} expects all schedulers to belong to the same optimizer, but got scheduler ` +
          `${scheduler.constructor.name} at index ${index} has ${scheduler.optimizer}, which is different from ` +
          `${optimizer.constructor.name}.`,
      );
    }
  }
}

abstract class Combined extends Scheduler {
  constructor(
    readonly schedulers: readonly Scheduler[],
    optimizer: Optimizer,
  ) {
    super(optimizer);
  }

  override stateDict(): Map<string, unknown> {
    return super.stateDict().set(
      '_schedulers',
      this.schedulers.map((scheduler) => scheduler.stateDict()),
    );
  }

  override loadStateDict(state: ReadonlyMap<string, unknown>): void {
    super.loadStateDict(state);
    const saved = state.get('_schedulers') as ReadonlyMap<string, unknown>[];
    for (const [index, own] of saved.entries()) this.schedulers[index]?.loadStateDict(own);
  }
}

/** Several schedulers at once: each step steps all of them. */
export class ChainedScheduler extends Combined {
  constructor(schedulers: readonly Scheduler[], optimizer?: Optimizer | null) {
    const [first] = schedulers;
    if (!first) {
      throw new ValueError(
        'ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.',
      );
    }
    const chosen = optimizer ?? first.optimizer;
    requireFitting('ChainedScheduler', schedulers, chosen);
    super(schedulers, chosen);
    this.lastLr = groupRates(chosen);
  }

  protected override stateKeys(): Record<string, string> {
    return { _last_lr: 'lastLr' };
  }

  override step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
    this.lastLr = groupRates(this.optimizer);
  }
}

/** One scheduler after the other: the next takes over at its milestone, from its own beginning. */
export class SequentialLR extends Combined {
  lastEpoch: number;
  protected milestones: number[];

  constructor(
    optimizer: Optimizer,
    schedulers: readonly Scheduler[],
    milestones: readonly number[],
    options: { lastEpoch?: number } = {},
  ) {
    const { lastEpoch = -1, ...others } = options;
    requireKnown(new.target, options, others);
    if (schedulers.length < 1) {
      throw new ValueError('SequentialLR expects at least one scheduler, but got no scheduler.');
    }
    requireFitting('SequentialLR', schedulers, optimizer);
    if (milestones.length !== schedulers.length - 1) {
      throw new ValueError(
        'Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone ' +
          `points, but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ` +
          `${milestones.length}`,
      );
    }
    super(schedulers, optimizer);
    this.milestones = [...milestones];
    this.lastEpoch = lastEpoch + 1;
    for (const group of optimizer.paramGroups) setRate(group, group.initialLr as Hyperparameter);
    undo(schedulers);
    const first = schedulers[reached(milestones, 0)] as Scheduler;
    if (first instanceof LRScheduler) first.initialStep();
    else first.step();
    this.lastLr = first.getLastLr();
  }

  protected override stateKeys(): Record<string, string> {
    return { _milestones: 'milestones', last_epoch: 'lastEpoch', _last_lr: 'lastLr' };
  }

  override step(): void {
    this.lastEpoch += 1;
    const index = reached(this.milestones, this.lastEpoch);
    const scheduler = this.schedulers[index] as Scheduler;
    const begins = index > 0 && this.milestones[index - 1] === this.lastEpoch;
    if (begins && scheduler instanceof LRScheduler) scheduler.moveTo(0);
    else scheduler.step();
    this.lastLr = scheduler.getLastLr();
  }
}

/** Takes back the step that each scheduler made when it was constructed. */
function undo(schedulers: readonly Scheduler[]): void {
  for (const scheduler of schedulers) {
    if (scheduler instanceof Combined) undo(scheduler.schedulers);
    else if (scheduler instanceof LRScheduler) scheduler.lastEpoch -= 1;
  }
}
