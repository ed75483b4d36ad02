import { ValueError } from '../errors.js';
import type { Tensor } from '../tensor.js';

/** How a loss over many elements becomes its result. */
export type Reduction = 'none' | 'mean' | 'sum';

const numbers = new Map<string, number>([
  ['none', 0],
  ['mean', 1],
  ['sum', 2],
]);

/** libtorch's number of a reduction (ATen/core/Reduction.h). */
export function reductionNumber(reduction: Reduction): number {
  const number = numbers.get(reduction);
  if (number === undefined) throw new ValueError(`${reduction} is not a valid value for reduction`);
  return number;
}

/** The reduction of a loss that is computed here, element by element. */
export function reduce(loss: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'mean') return loss.mean();
  return reduction === 'sum' ? loss.sum() : loss;
}
