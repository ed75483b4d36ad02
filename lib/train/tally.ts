import type { Tensor } from '../tensor.js';

/** Loss and accuracy over the batches counted so far. */
export class Tally {
  steps = 0;
  images = 0;
  #loss = 0;
  #correct = 0;

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
}

/** How many rows of logits [N, C] are largest at the target [N]. */
export function correctOf(logits: Tensor, targets: Tensor): number {
  return Number(logits.argmax(1).eq(targets).sum().item());
}
