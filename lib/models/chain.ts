import { scope } from '../memory.js';
import type { Layer } from '../nn/container.js';
import { release } from '../release.js';
import type { Tensor } from '../tensor.js';

/**
 * Runs layers one after another, as a column of boxes in a figure; null is no box. Inside a scope each intermediate is
 * freed as soon as the next one is there, so that inference holds two of them at a time, as Python does.
 */
export function chain(input: Tensor, ...layers: (Layer | null)[]): Tensor {
  let x = input;
  for (const layer of layers) {
    if (layer === null) continue;
    const y = scope(() => layer.forward(x));
    if (x !== input && x !== y) release(x);
    x = y;
  }
  return x;
}
