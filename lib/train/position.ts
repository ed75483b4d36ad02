import type { Tensor } from '../tensor.js';
import type { EpochMetrics } from './metrics.js';
import type { TallySums } from './tally.js';

/** Where a run stands, beside the states of model, optimizer and scheduler: within an epoch, before its evaluation. */
export interface Position {
  readonly epoch: number;
  /** Learning rate of the epoch's first step. */
  readonly lr: number;
  /** Over the steps that the epoch has taken. */
  readonly tally: TallySums;
  /** The default generator before the epoch: the order of its photos follows from it. */
  readonly epochRng: Tensor;
  /** The default generator now. */
  readonly rng: Tensor;
  /** Spent on the epoch's steps. */
  readonly epochSeconds: number;
  /** Since the first step of the run. */
  readonly seconds: number;
  /** Of the epochs before. */
  readonly history: readonly EpochMetrics[];
}
