import { ValueError } from '../errors.js';
import { valueText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { dropout } from './functional.js';
import { Module } from './module.js';

/** In training zeroes elements with probability `p` and scales the others by 1 / (1 − p); identity in eval mode. */
export class Dropout extends Module {
  readonly inplace: boolean;

  constructor(
    readonly p = 0.5,
    { inplace = false } = {},
  ) {
    super();
    if (p < 0 || p > 1) {
      throw new ValueError(`dropout probability has to be between 0 and 1, but got ${valueText(p)}`);
    }
    this.inplace = inplace;
  }

  override forward(input: Tensor): Tensor {
    return dropout(input, { p: this.p, training: this.training, inplace: this.inplace });
  }

  override extraRepr(): string {
    return `p=${valueText(this.p)}, inplace=${valueText(this.inplace)}`;
  }
}
