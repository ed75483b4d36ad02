import { tupleText, typeText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { Module } from './module.js';

/** Joins the dimensions from `startDim` to `endDim`, both included, into one. */
export class Flatten extends Module {
  constructor(
    readonly startDim = 1,
    readonly endDim = -1,
  ) {
    super();
  }

  override forward(input: Tensor): Tensor {
    return input.flatten(this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/** Splits the dimension `dim` into several; one of their sizes may be −1. */
export class Unflatten extends Module {
  constructor(
    readonly dim: number,
    readonly unflattenedSize: readonly number[],
  ) {
    super();
    if (!Array.isArray(unflattenedSize)) {
      throw new TypeError(
        `unflattened_size must be a tuple of ints, but found type ${typeText(unflattenedSize)}`,
      );
    }
    const wrong = unflattenedSize.findIndex((size) => !Number.isInteger(size));
    if (wrong < 0) return;
    throw new TypeError(
      `unflattened_size must be tuple of ints, but found element of type ${typeText(unflattenedSize[wrong])} at ` +
        `pos ${wrong}`,
    );
  }

  override forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattenedSize);
  }

  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${tupleText(this.unflattenedSize)}`;
  }
}
