import { ValueError } from '../../errors.js';
import { requireKnown } from '../../options.js';
import { cos, log, mod, pow } from '../../python-number.js';
import { valueText } from '../../python-text.js';
import type { Hyperparameter } from '../hyperparameter.js';
import type { Optimizer } from '../optimizer.js';
import { between } from './cosine-annealing-lr.js';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.js';

export interface CosineAnnealingWarmRestartsOptions extends LRSchedulerOptions {
  /** By how much each period is longer than the one before. */
  tMult?: number;
  etaMin?: number;
}

/** Cosine annealing that begins anew after `t0` epochs, then after longer and longer periods (SGDR). */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  readonly tMult: number;
  readonly etaMin: number;
  /** Length of the present period. */
  protected tI: number;
  /** Epochs since its beginning. */
  protected tCur: number;

  constructor(
    optimizer: Optimizer,
    readonly t0: number,
    options: CosineAnnealingWarmRestartsOptions = {},
  ) {
    const { tMult = 1, etaMin = 0, lastEpoch = -1, ...others } = options;
    requireKnown(new.target, options, others);
    if (!(t0 > 0 && Number.isInteger(t0))) {
      throw new ValueError(`Expected positive integer T_0, but got ${valueText(t0)}`);
    }
    if (!(tMult >= 1 && Number.isInteger(tMult))) {
      throw new ValueError(`Expected integer T_mult >= 1, but got ${valueText(tMult)}`);
    }
    super(optimizer, { lastEpoch });
    this.tI = t0;
    this.tMult = tMult;
    this.etaMin = etaMin;
    this.tCur = lastEpoch;
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return { T_0: 't0', T_i: 'tI', T_mult: 'tMult', eta_min: 'etaMin', T_cur: 'tCur' };
  }

  protected override getLr(): Hyperparameter[] {
    const height = 1 + cos((Math.PI * this.tCur) / this.tI);
    return this.baseLrs.map((base) => between(this.etaMin, base, height));
  }

  /** `epoch` may be a fraction: called within an epoch, it is epoch + batch / batches. */
  override step(epoch?: number): void {
    const wanted = epoch ?? (this.lastEpoch < 0 ? 0 : undefined);
    if (wanted === undefined) this.#count();
    else this.#place(wanted);
    this.lastEpoch = Math.floor(wanted ?? this.lastEpoch + 1);
    this.applied(() => this.getLr());
  }

  #count(): void {
    this.tCur += 1;
    if (this.tCur < this.tI) return;
    this.tCur = mod(this.tCur, this.tI);
    this.tI *= this.tMult;
  }

  #place(epoch: number): void {
    const { t0, tMult } = this;
    if (epoch < 0) throw new ValueError(`Expected non-negative epoch, but got ${valueText(epoch)}`);
    if (epoch < t0) {
      this.tI = t0;
      this.tCur = epoch;
    } else if (tMult === 1) {
      this.tCur = mod(epoch, t0);
    } else {
      const period = Math.trunc(log((epoch / t0) * (tMult - 1) + 1) / log(tMult));
      this.tCur = epoch - (t0 * (pow(tMult, period) - 1)) / (tMult - 1);
      this.tI = t0 * pow(tMult, period);
    }
  }
}
