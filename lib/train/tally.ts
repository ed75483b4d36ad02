import type { Tensor } from '../tensor.js';

/** What a {@link Tally} has counted. */
export interface TallySums {
  readonly steps: number;
  readonly images: number;
  /** Of the losses of all images. */
  readonly loss: number;
  readonly correct: number;
}

/** Loss and accuracy over the batches counted so far. */
export class Tally {
  steps: number;
  images: number;
  #loss: number;
  #correct: number;

  /** @param start goes on from there */
  constructor(start: TallySums = { steps: 0, images: 0, loss: 0, correct: 0 }) {
    this.steps = start.steps;
    this.images = start.images;
    this.#loss = start.loss;
    this.#correct = start.correct;
  }

  /** `loss` is the batch's mean. */
  add(images: number, loss: number, correct: number): void {
    this.steps += 1;
    this.images += images;
    this.#loss += loss * images;
    this.#correct += correct;
  }

  /** Mean over the images. */
  get loss(): number {
    return this.#loss / this.images;
  }

  /** 0 to 1. */
  get accuracy(): number {
    return this.#correct / this.images;
  }

  get sums(): TallySums {
    return { steps: this.steps, images: this.images, loss: this.#loss, correct: this.#correct };
  }
}

/** How many rows of logits [N, C] are largest at the target [N]. */
export function correctOf(logits: Tensor, targets: Tensor): number {
  return Number(logits.argmax(1).eq(targets).sum().item());
}
