import { ValueError } from '../../errors.js';
import { snakeToCamel } from '../../names.js';
import { requireNames } from '../../options.js';
import { cos } from '../../python-number.js';
import { valueText } from '../../python-text.js';
import { float } from '../../scalar.js';
import { type Hyperparameter, minus, over, plus, times } from '../hyperparameter.js';
import type { Optimizer } from '../optimizer.js';
import { unpacked } from '../param-group.js';
import { type CycledGroup, cyclesBeta1, setMomentum, startMomentum } from './cycled-momentum.js';
import { LRScheduler, type LRSchedulerOptions, perGroup, requireOptimizer } from './lr-scheduler.js';

type PerGroup<T> = T | readonly T[];

export interface OneCycleLROptions extends LRSchedulerOptions {
  /** Batches of the whole cycle; or epochs and stepsPerEpoch. */
  totalSteps?: number | null;
  epochs?: number | null;
  stepsPerEpoch?: number | null;
  /** Share of the cycle in which the learning rate rises. */
  pctStart?: number;
  annealStrategy?: 'cos' | 'linear';
  cycleMomentum?: boolean;
  baseMomentum?: PerGroup<number>;
  maxMomentum?: PerGroup<number>;
  /** The initial rate is the largest divided by this. */
  divFactor?: number;
  /** The last rate is the initial one divided by this. */
  finalDivFactor?: number;
  threePhase?: boolean;
}

interface OneCycleGroup extends CycledGroup {
  maxLr?: Hyperparameter;
  minLr?: Hyperparameter;
}

/** One phase: where it ends, and between which values of the group it goes, by their names in files. */
type Phase = Map<string, unknown>;

const phase = (
  endStep: unknown,
  [startLr, endLr]: [string, string],
  [startMomentum, endMomentum]: [string, string],
): Phase =>
  new Map<string, unknown>([
    ['end_step', endStep],
    ['start_lr', `${startLr}_lr`],
    ['end_lr', `${endLr}_lr`],
    ['start_momentum', `${startMomentum}_momentum`],
    ['end_momentum', `${endMomentum}_momentum`],
  ]);

function phases(total: number, share: number, threePhase: boolean): Phase[] {
  const up = phase(float(share * total - 1), ['initial', 'max'], ['max', 'base']);
  if (!threePhase) return [up, phase(total - 1, ['max', 'min'], ['base', 'max'])];
  return [
    up,
    phase(float(2 * share * total - 2), ['max', 'initial'], ['base', 'max']),
    phase(total - 1, ['initial', 'min'], ['max', 'max']),
  ];
}

function totalOf({ totalSteps, epochs, stepsPerEpoch }: OneCycleLROptions): number {
  const positive = (name: string, value: number): number => {
    if (Number.isInteger(value) && value > 0) return value;
    throw new ValueError(`Expected positive integer ${name}, but got ${valueText(value)}`);
  };
  if (totalSteps != null) return positive('total_steps', totalSteps);
  if (epochs == null || stepsPerEpoch == null) {
    throw new ValueError('You must define either total_steps OR (epochs AND steps_per_epoch)');
  }
  return positive('epochs', epochs) * positive('steps_per_epoch', stepsPerEpoch);
}

/** One rise and one long fall of the learning rate, batch by batch (Smith & Topin 2017). */
export class OneCycleLR extends LRScheduler {
  readonly totalSteps: number;
  protected schedulePhases: Phase[];
  protected readonly annealFuncType: string;
  protected readonly cycleMomentum: boolean;
  protected readonly useBeta1?: boolean;

  constructor(optimizer: Optimizer, maxLr: PerGroup<Hyperparameter>, options: OneCycleLROptions = {}) {
    requireNames(new.target, options, {
      totalSteps: true,
      epochs: true,
      stepsPerEpoch: true,
      pctStart: true,
      annealStrategy: true,
      cycleMomentum: true,
      baseMomentum: true,
      maxMomentum: true,
      divFactor: true,
      finalDivFactor: true,
      threePhase: true,
      lastEpoch: true,
    });
    requireOptimizer(optimizer);
    const { pctStart = 0.3, annealStrategy = 'cos', cycleMomentum = true, lastEpoch = -1 } = options;
    const { baseMomentum = 0.85, maxMomentum = 0.95, divFactor = 25, finalDivFactor = 1e4 } = options;
    const totalSteps = totalOf(options);
    if (!(pctStart >= 0 && pctStart <= 1)) {
      throw new ValueError(`Expected float between 0 and 1 pct_start, but got ${valueText(pctStart)}`);
    }
    if (!['cos', 'linear'].includes(annealStrategy)) {
      throw new ValueError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${annealStrategy}`);
    }
    const groups: OneCycleGroup[] = optimizer.paramGroups;
    const maxLrs = perGroup('max_lr', optimizer, maxLr);
    if (lastEpoch === -1) {
      for (const [index, group] of groups.entries()) {
        const largest = maxLrs[index] as Hyperparameter;
        group.initialLr = over(largest, divFactor);
        group.maxLr = largest;
        group.minLr = over(group.initialLr, finalDivFactor);
      }
    }
    const useBeta1 = cycleMomentum ? cyclesBeta1(optimizer) : undefined;
    if (cycleMomentum) {
      const high = perGroup('max_momentum', optimizer, maxMomentum);
      const low = perGroup('base_momentum', optimizer, baseMomentum);
      if (lastEpoch === -1) startMomentum(groups, low, high);
    }
    super(optimizer, { lastEpoch });
    this.totalSteps = totalSteps;
    this.schedulePhases = phases(totalSteps, pctStart, options.threePhase ?? false);
    this.annealFuncType = annealStrategy;
    this.cycleMomentum = cycleMomentum;
    if (useBeta1 !== undefined) this.useBeta1 = useBeta1;
    this.initialStep();
  }

  protected override ownKeys(): Record<string, string> {
    return {
      total_steps: 'totalSteps',
      _schedule_phases: 'schedulePhases',
      _anneal_func_type: 'annealFuncType',
      cycle_momentum: 'cycleMomentum',
      ...(this.cycleMomentum ? { use_beta1: 'useBeta1' } : {}),
    };
  }

  #annealed(group: OneCycleGroup, from: unknown, to: unknown, share: number): Hyperparameter {
    const [start, end] = [from, to].map((name) => Reflect.get(group, snakeToCamel(String(name)))) as [
      Hyperparameter,
      Hyperparameter,
    ];
    if (this.annealFuncType === 'linear') return plus(times(minus(end, start), share), start);
    return plus(end, times(over(minus(start, end), 2), cos(Math.PI * share) + 1));
  }

  protected override getLr(): Hyperparameter[] {
    const { lastEpoch, totalSteps, schedulePhases } = this;
    if (lastEpoch > totalSteps) {
      throw new ValueError(
        `Tried to step ${lastEpoch} times. The specified number of total steps is ${totalSteps}`,
      );
    }
    const ends = schedulePhases.map((each) => Number(unpacked(each.get('end_step'))));
    const found = ends.findIndex((end) => lastEpoch <= end);
    const index = found < 0 ? ends.length - 1 : found;
    const start = index === 0 ? 0 : (ends[index - 1] as number);
    const share = (lastEpoch - start) / ((ends[index] as number) - start);
    const now = schedulePhases[index] as Phase;
    return this.optimizer.paramGroups.map((group) => {
      if (this.cycleMomentum) {
        const momentum = this.#annealed(group, now.get('start_momentum'), now.get('end_momentum'), share);
        setMomentum(group, momentum as number);
      }
      return this.#annealed(group, now.get('start_lr'), now.get('end_lr'), share);
    });
  }
}
