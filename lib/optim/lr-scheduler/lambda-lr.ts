import { ValueError } from '../../errors.js';
import { requireOptions } from '../../options.js';
import { typeText } from '../../python-text.js';
import { type Hyperparameter, times } from '../hyperparameter.js';
import type { Optimizer } from '../optimizer.js';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.js';
import { groupRates } from './scheduler.js';

/** A factor of the learning rate, from the epoch. */
export type LRLambda = (epoch: number) => number;

abstract class FunctionLR extends LRScheduler {
  readonly lrLambdas: readonly LRLambda[];

  constructor(
    optimizer: Optimizer,
    lrLambda: LRLambda | readonly LRLambda[],
    options: LRSchedulerOptions = {},
  ) {
    requireOptions(new.target, options);
    super(optimizer, options);
    const groups = optimizer.paramGroups;
    this.lrLambdas = Array.isArray(lrLambda) ? lrLambda : groups.map(() => lrLambda as LRLambda);
    if (this.lrLambdas.length !== groups.length) {
      throw new ValueError(`Expected ${groups.length} lr_lambdas, but got ${this.lrLambdas.length}`);
    }
    for (const call of this.lrLambdas) {
      if (typeof call === 'function') continue;
      throw new TypeError(`lr_lambda should be a function, but got ${typeText(call)}`);
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
}

/** Multiplies the initial learning rates by what functions of the epoch say, one for all groups or one for each. */
export class LambdaLR extends FunctionLR {
  protected override getLr(): Hyperparameter[] {
    return this.baseLrs.map((base, index) =>
      times(base, (this.lrLambdas[index] as LRLambda)(this.lastEpoch)),
    );
  }
}

/** Multiplies the present learning rates by what functions of the epoch say. */
export class MultiplicativeLR extends FunctionLR {
  protected override getLr(): Hyperparameter[] {
    const rates = groupRates(this.optimizer);
    if (this.isInitial) return rates;
    return rates.map((lr, index) => times(lr, (this.lrLambdas[index] as LRLambda)(this.lastEpoch)));
  }
}
