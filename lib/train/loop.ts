import { setImmediate } from 'node:timers/promises';

import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { functional, type Module } from '../nn/index.js';
import type { lrScheduler, Optimizer } from '../optim/index.js';
import { requireNames } from '../options.js';
import { setRngState } from '../random.js';
import type { Tensor } from '../tensor.js';
import type { Position } from './position.js';
import { correctOf, Tally } from './tally.js';

export interface Classifier extends Module {
  forward(images: Tensor): Tensor;
}

/** Photos as they are stored, and their class indices. */
export type Batches = AsyncIterable<readonly [photos: Tensor, targets: Tensor]>;

export interface Training {
  readonly model: Classifier;
  readonly optimizer: Optimizer;
  readonly scheduler: lrScheduler.LRScheduler;
  /** Stored photos → the network's input, on its device. */
  readonly toInput: (photos: Tensor) => Tensor;
}

export interface EpochOptions {
  signal?: AbortSignal;
  onStep?: (tally: Tally) => void;
  /** Takes up an epoch that was interrupted; the default generator has to be as before that epoch. */
  from?: Pick<Position, 'tally' | 'rng'>;
}

/**
 * One epoch in train mode. The tally is the running one: each batch counts as it was before its own step. Gives way
 * to the event loop after every step, and ends there early when the signal is aborted.
 *
 * @throws TorchError when the loss is no longer a number
 */
export async function trainEpoch(
  training: Training,
  batches: Batches,
  options: EpochOptions = {},
): Promise<Tally> {
  requireNames(trainEpoch, options, { signal: true, onStep: true, from: true });
  const { signal, onStep, from } = options;
  training.model.train();
  const tally = new Tally(from?.tally);
  let toSkip = tally.steps;
  for await (const [photos, targets] of batches) {
    if (from && toSkip > 0) {
      photos.dispose();
      targets.dispose();
      toSkip -= 1;
      if (toSkip === 0) setRngState(from.rng);
      continue;
    }
    const { loss, correct } = trainStep(training, photos, targets);
    tally.add(photos.size(0), loss, correct);
    photos.dispose();
    targets.dispose();
    if (!Number.isFinite(loss)) {
      throw new TorchError(`the loss became ${loss}: the training has diverged; use a smaller learning rate`);
    }
    onStep?.(tally);
    await setImmediate();
    if (signal?.aborted) break;
  }
  return tally;
}

function trainStep(
  { model, optimizer, scheduler, toInput }: Training,
  photos: Tensor,
  targets: Tensor,
): { loss: number; correct: number } {
  return scope(() => {
    const inputs = toInput(photos);
    const expected = targets.to(inputs.device);
    optimizer.zeroGrad();
    const logits = model.forward(inputs);
    const loss = functional.crossEntropy(logits, expected);
    loss.backward();
    optimizer.step();
    scheduler.step();
    return { loss: loss.item() as number, correct: correctOf(logits, expected) };
  });
}
