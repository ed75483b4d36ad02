import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

import { TorchError } from '../errors.js';

/** One epoch, as it stands in metrics.jsonl. */
export interface EpochMetrics {
  epoch: number;
  /** Steps taken in this epoch; fewer than the others' where the run was interrupted. */
  steps: number;
  /** False where the run was interrupted inside the epoch. */
  complete: boolean;
  /** Learning rate of the epoch's first step. */
  lr: number;
  /** Over the epoch's own batches, each before its step, in train mode. */
  train_loss: number;
  train_accuracy: number;
  /** Over the same photos after the epoch, in eval mode; null where there was no evaluation pass. */
  eval_loss: number | null;
  eval_accuracy: number | null;
  /** Of the training steps. */
  images_per_second: number;
  /** Since the first step of the run, evaluation included. */
  seconds: number;
}

/** metrics.jsonl: one line per epoch, on the disk as soon as the epoch ends. */
export class MetricsFile {
  readonly #file: number;
  #length = 0;

  /** Begins anew. */
  constructor(readonly path: string) {
    this.#file = this.#guard(() => openSync(path, 'w'));
  }

  /** @throws TorchError naming the file; a line that did not fit is taken back */
  append(metrics: EpochMetrics): void {
    const line = Buffer.from(`${JSON.stringify(metrics)}\n`);
    this.#guard(() => {
      try {
        for (let done = 0; done < line.length; ) done += writeSync(this.#file, line, done);
      } catch (error) {
        ftruncateSync(this.#file, this.#length);
        throw error;
      }
    });
    this.#length += line.length;
  }

  close(): void {
    closeSync(this.#file);
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new TorchError(`cannot write ${this.path}: ${(error as Error).message}`, { cause: error });
    }
  }
}
