import { detached } from '../detached.js';
import { Tensor } from '../tensor.js';

/** A tensor that a module trains (torch.nn.Parameter). Shares memory with `data`; outlives every scope. */
export class Parameter extends Tensor {
  constructor(data: Tensor, requiresGrad = true) {
    super(...detached(data, requiresGrad));
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}

export function isParameter(value: unknown): value is Parameter {
  return value instanceof Parameter;
}
