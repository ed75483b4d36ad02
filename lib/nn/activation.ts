import type { Tensor } from '../tensor.js';
import { relu } from './functional.js';
import { Module } from './module.js';

/** max(0, x). In place it overwrites its input: wrong where a residual still needs it, and not always an error. */
export class ReLU extends Module {
  readonly inplace: boolean;

  constructor({ inplace = false } = {}) {
    super();
    this.inplace = inplace;
  }

  override forward(input: Tensor): Tensor {
    return relu(input, { inplace: this.inplace });
  }

  override extraRepr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}
