// Methods that Python writes around its functions of the same name, not around operators.

import { type NormOptions, norm } from './functional-norm.js';
import { type StftOptions, stft } from './functional-spectral.js';
import {
  type UniqueConsecutiveOptions,
  type UniqueOptions,
  unique,
  uniqueConsecutive,
} from './functional-unique.js';
import { Tensor } from './tensor.js';

interface FunctionalTensor {
  /** `torch.norm(x, ...)`. */
  norm(degree?: NormOptions | NormOptions['p'], dimension?: NormOptions['dim']): Tensor;
  /** `torch.stft(x, ...)`. */
  stft(nFft: number, options?: StftOptions): Tensor;
  /** `torch.unique(x, ...)`. */
  unique(options?: UniqueOptions): Tensor | Tensor[];
  /** `torch.uniqueConsecutive(x, ...)`. */
  uniqueConsecutive(options?: UniqueConsecutiveOptions): Tensor | Tensor[];
}

declare module './tensor.js' {
  interface Tensor extends FunctionalTensor {}
}

type Function = (input: Tensor, ...args: never[]) => unknown;

for (const [name, call] of Object.entries<Function>({ norm, stft, unique, uniqueConsecutive })) {
  const value = function (this: Tensor, ...args: never[]) {
    return call(this, ...args);
  };
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}
