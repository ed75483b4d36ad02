// How much a pruning method takes away: an integral number of elements, or a fraction (`torch.float(1)` is all).

import { IndexError, ValueError } from '../errors.js';
import { roundHalfEven } from '../python-number.js';
import { sizeText, valueText } from '../python-text.js';
import { type Real, TorchFloat } from '../scalar.js';
import type { Tensor } from '../tensor.js';

const isCount = (amount: Real): amount is number => Number.isInteger(amount);

export function requireAmount(amount: Real): void {
  if (typeof amount !== 'number' && !(amount instanceof TorchFloat)) {
    throw new TypeError(`Invalid type for amount: ${valueText(amount)}. Must be int or float.`);
  }
  if (isCount(amount) ? amount >= 0 : +amount >= 0 && +amount <= 1) return;
  throw new ValueError(
    `amount=${valueText(amount)} should either be a float in the range [0, 1] or a non-negative integer`,
  );
}

/** How many of `size` are taken away. Throws ValueError for more than there are. */
export function countOf(amount: Real, size: number): number {
  const count = isCount(amount) ? amount : roundHalfEven(+amount * size);
  if (!isCount(amount) || amount <= size) return count;
  throw new ValueError(`amount=${amount} should be smaller than the number of parameters to prune=${size}`);
}

/** The dimension, counted from the front, along which a tensor of two or more is pruned. */
export function prunedDim({ shape }: Tensor, dim: number): number {
  const dims = shape.length;
  if (dims <= 1) {
    throw new ValueError(
      `Structured pruning can only be applied to multidimensional tensors. Found tensor of shape ` +
        `${sizeText(shape)} with ${dims} dims`,
    );
  }
  if (dim >= dims || dim < -dims) {
    throw new IndexError(`Invalid index ${dim} for tensor of size ${sizeText(shape)}`);
  }
  return dim < 0 ? dim + dims : dim;
}
