import { requireKnown } from '../../options.js';
import { cos, mod } from '../../python-number.js';
import { type Hyperparameter, minus, over, plus, times } from '../hyperparameter.js';
import type { Optimizer } from '../optimizer.js';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.js';
import { groupRates } from './scheduler.js';

export interface CosineAnnealingLROptions extends LRSchedulerOptions {
  /** The smallest learning rate, reached after `tMax` steps. */
  etaMin?: number;
}

/** `etaMin` and a share of what the initial rate lies above it, `height` of 2. */
export function between(etaMin: number, base: Hyperparameter, height: number): Hyperparameter {
  return plus(etaMin, over(times(minus(base, etaMin), height), 2));
}

/** Half a cosine from the initial learning rate down to `etaMin` in `tMax` steps (Loshchilov & Hutter 2016). */
export class CosineAnnealingLR extends LRScheduler {
  readonly etaMin: number;

  constructor(
    optimizer: Optimizer,
    readonly tMax: number,
    options: CosineAnnealingLROptions = {},
  ) {
    const { etaMin = 0, lastEpoch, ...others } = options;
    requireKnown(new.target, options, others);
    super(optimizer, { lastEpoch });
    this.etaMin = etaMin;
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return { T_max: 'tMax', eta_min: 'etaMin' };
  }

  protected override getLr(): Hyperparameter[] {
    const { lastEpoch, tMax, etaMin } = this;
    const rates = groupRates(this.optimizer);
    if (this.isInitial) return rates;
    if (this.stepCount === 1 && lastEpoch > 0) {
      const height = 1 + cos((lastEpoch * Math.PI) / tMax);
      return this.baseLrs.map((base) => between(etaMin, base, height));
    }
    if (mod(lastEpoch - 1 - tMax, 2 * tMax) === 0) {
      const rise = 1 - cos(Math.PI / tMax);
      return rates.map((lr, index) => {
        const range = minus(this.baseLrs[index] as Hyperparameter, etaMin);
        return plus(lr, over(times(range, rise), 2));
      });
    }
    const now = 1 + cos((Math.PI * lastEpoch) / tMax);
    const before = 1 + cos((Math.PI * (lastEpoch - 1)) / tMax);
    return rates.map((lr) => plus(times(now / before, minus(lr, etaMin)), etaMin));
  }

  protected override closedForm(): Hyperparameter[] {
    const height = 1 + cos((Math.PI * this.lastEpoch) / this.tMax);
    return this.baseLrs.map((base) => between(this.etaMin, base, height));
  }
}
