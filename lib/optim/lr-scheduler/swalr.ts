import { ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import { cos } from '../../python-number.js';
import { valueText } from '../../python-text.js';
import { type Hyperparameter, minus, over, plus, times } from '../hyperparameter.js';
import type { Optimizer } from '../optimizer.js';
import type { ParamGroup } from '../param-group.js';
import { LRScheduler, type LRSchedulerOptions, perGroup, requireOptimizer } from './lr-scheduler.js';

export interface SWALROptions extends LRSchedulerOptions {
  annealEpochs?: number;
  annealStrategy?: 'cos' | 'linear';
}

interface SwaGroup extends ParamGroup {
  swaLr?: Hyperparameter;
}

/** Anneals the learning rates to fixed ones, for averaging weights (torch.optim.swa_utils.SWALR). */
export class SWALR extends LRScheduler {
  protected readonly annealStrategy: string;
  readonly annealEpochs: number;

  constructor(
    optimizer: Optimizer,
    swaLr: Hyperparameter | readonly Hyperparameter[],
    options: SWALROptions = {},
  ) {
    requireNames(new.target, options, { annealEpochs: true, annealStrategy: true, lastEpoch: true });
    const { annealEpochs = 10, annealStrategy = 'cos', lastEpoch } = options;
    requireOptimizer(optimizer);
    const rates = perGroup('swa_lr', optimizer, swaLr);
    for (const [index, group] of (optimizer.paramGroups as SwaGroup[]).entries()) group.swaLr = rates[index];
    if (!['cos', 'linear'].includes(annealStrategy)) {
      throw new ValueError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${annealStrategy}`);
    }
    if (!Number.isInteger(annealEpochs) || annealEpochs < 0) {
      throw new ValueError(`anneal_epochs must be equal or greater than 0, got ${valueText(annealEpochs)}`);
    }
    super(optimizer, { lastEpoch });
    this.annealStrategy = annealStrategy;
    this.annealEpochs = annealEpochs;
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return { _anneal_strategy: 'annealStrategy', anneal_epochs: 'annealEpochs' };
  }

  #share(step: number): number {
    const t = Math.max(0, Math.min(1, step / Math.max(1, this.annealEpochs)));
    return this.annealStrategy === 'cos' ? (1 - cos(Math.PI * t)) / 2 : t;
  }

  protected override getLr(): Hyperparameter[] {
    const step = this.annealEpochs === 0 ? Math.max(1, this.stepCount - 1) : this.stepCount - 1;
    const [before, now] = [this.#share(step - 1), this.#share(step)];
    return this.optimizer.paramGroups.map((group: SwaGroup) => {
      const swaLr = group.swaLr as Hyperparameter;
      const first = before === 1 ? swaLr : over(minus(group.lr, times(before, swaLr)), 1 - before);
      return plus(times(swaLr, now), times(first, 1 - now));
    });
  }
}
