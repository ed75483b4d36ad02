import { requireNames } from '../options.js';
import { getRngState, setRngState } from '../random.js';
import { evaluate } from './evaluate.js';
import { type Batches, type Training, trainEpoch } from './loop.js';
import type { EpochMetrics } from './metrics.js';
import type { Position } from './position.js';
import type { StepProgress } from './reporter.js';
import type { Tally } from './tally.js';

export interface EpochsOptions {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Epochs between two evaluation passes; there is always one after the last epoch. */
  readonly evalEvery: number;
  /** Shuffled anew in every epoch. */
  readonly trainBatches: Batches;
  readonly evalBatches: Batches;
  readonly signal?: AbortSignal;
  onStep?(progress: StepProgress): void;
  /** `position` is what a run that goes on from here needs, beside the training's own states. */
  onEpoch?(metrics: EpochMetrics, position: Position): void;
  /** Goes on from there, as if the run had never stopped. */
  readonly from?: Position | null;
}

/** Trains for some epochs, or until the signal is aborted, and answers with the metrics of each. */
export async function trainEpochs(training: Training, options: EpochsOptions): Promise<EpochMetrics[]> {
  requireNames(trainEpochs, options, {
    epochs: true,
    stepsPerEpoch: true,
    evalEvery: true,
    trainBatches: true,
    evalBatches: true,
    signal: true,
    onStep: true,
    onEpoch: true,
    from: true,
  });
  const { epochs, stepsPerEpoch, evalEvery, signal } = options;
  let from = options.from ?? null;
  const history: EpochMetrics[] = [...(from?.history ?? [])];
  const start = performance.now() - 1000 * (from?.seconds ?? 0);
  const secondsSince = (time: number): number => (performance.now() - time) / 1000;

  for (let epoch = from?.epoch ?? 1; epoch <= epochs && !signal?.aborted; epoch += 1) {
    if (from) setRngState(from.epochRng);
    const epochRng = from?.epochRng ?? getRngState();
    const lr = from?.lr ?? (training.optimizer.paramGroups[0]?.lr as number);
    const epochStart = performance.now() - 1000 * (from?.epochSeconds ?? 0);
    const speed = (tally: Tally): number => tally.images / secondsSince(epochStart);
    const onStep = (tally: Tally): void => {
      const step = (epoch - 1) * stepsPerEpoch + tally.steps;
      const steps = epochs * stepsPerEpoch;
      const secondsLeft = (secondsSince(start) / step) * (steps - step);
      const { loss: trainLoss, accuracy: trainAccuracy } = tally;
      const imagesPerSecond = speed(tally);
      options.onStep?.({ epoch, step, steps, trainLoss, trainAccuracy, imagesPerSecond, secondsLeft });
    };

    const train = await trainEpoch(training, options.trainBatches, {
      signal,
      onStep,
      from: from ?? undefined,
    });
    from = null;
    const imagesPerSecond = speed(train);
    const before = {
      ...{ epoch, lr, tally: train.sums, epochRng, rng: getRngState() },
      ...{ epochSeconds: secondsSince(epochStart), seconds: secondsSince(start), history: [...history] },
    };
    const due = epoch % evalEvery === 0 || epoch === epochs;
    const evaluated = due ? await evaluate(training, options.evalBatches, { signal }) : null;

    const metrics: EpochMetrics = {
      epoch,
      steps: train.steps,
      complete: train.steps === stepsPerEpoch,
      lr,
      train_loss: train.loss,
      train_accuracy: train.accuracy,
      eval_loss: evaluated?.loss ?? null,
      eval_accuracy: evaluated?.accuracy ?? null,
      images_per_second: imagesPerSecond,
      seconds: secondsSince(start),
    };
    history.push(metrics);
    options.onEpoch?.(metrics, before);
  }
  return history;
}
