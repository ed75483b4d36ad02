import type { EpochMetrics } from './metrics.js';
import type { Plan } from './options.js';
import type { Summary } from './summary.js';

/** What is about to be trained. */
export interface RunStart {
  readonly plan: Plan;
  readonly photos: number;
  readonly classes: readonly string[];
  readonly stepsPerEpoch: number;
  readonly parameters: number;
}

export interface StepProgress {
  readonly epoch: number;
  /** Steps of the run so far, and in all. */
  readonly step: number;
  readonly steps: number;
  /** Running over the epoch so far. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
}

/** Hears how a run goes; every method is optional, and none can change it. */
export interface Reporter {
  start?(run: RunStart): void;
  step?(progress: StepProgress): void;
  epoch?(metrics: EpochMetrics): void;
  end?(summary: Summary): void;
}
