import { native } from './native.js';
import { handleOf, type Tensor } from './tensor.js';

/** Frees a tensor now that a scope would free at its end: Python's rebinding of a name. What is kept stays. */
export function release(tensor: Tensor): void {
  if (native.scopeOf(handleOf(tensor)) !== 0) tensor.dispose();
}
