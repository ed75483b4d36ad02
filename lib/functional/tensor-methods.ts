// Methods that Python writes around its functions of the same name, or whose tensor is not the operator's first argument.

import type { Int, Scalar } from '../generated/ops.js';
import { aten } from '../operators/ops.js';
import { Tensor } from '../tensor.js';
import { nonzero } from './index.js';
import { lu } from './lowrank.js';
import { type NormArguments, norm } from './norm.js';
import { type StftOptions, stft } from './spectral.js';
import {
  type Found,
  type UniqueConsecutiveOptions,
  type UniqueOptions,
  unique,
  uniqueConsecutive,
} from './unique.js';

interface FunctionalTensor {
  /** `torch.norm(x, ...)`. */
  norm(...args: NormArguments): Tensor;
  /** The places of the elements that are not zero: [count, dimensions], or a list of indices per dimension. */
  nonzero(options?: { asTuple?: false }): Tensor;
  nonzero(options: { asTuple: true }): Tensor[];
  /** `torch.lu(x, ...)`. */
  lu(options?: Parameters<typeof lu>[1]): Tensor[];
  /** The n-th derivative of digamma. */
  polygamma(n: Int): Tensor;
  /** This tensor's elements where the condition holds, the other's elsewhere. */
  where(condition: Tensor, other: Tensor | Scalar): Tensor;
  /** `torch.stft(x, ...)`. */
  stft(nFft: number, options?: StftOptions): Tensor;
  /** `torch.unique(x, ...)`. */
  unique<Options extends UniqueOptions = object>(options?: Options): Found<Options>;
  /** `torch.uniqueConsecutive(x, ...)`. */
  uniqueConsecutive<Options extends UniqueConsecutiveOptions = object>(options?: Options): Found<Options>;
}

declare module '../tensor.js' {
  interface Tensor extends FunctionalTensor {}
}

const polygamma = (x: Tensor, n: Int) => aten.polygamma(n, x);
const where = (x: Tensor, condition: Tensor, other: Tensor) => aten.where(condition, x, other);

type Function = (input: Tensor, ...args: never[]) => unknown;

const methods = { lu, nonzero, norm, polygamma, stft, unique, uniqueConsecutive, where };

for (const [name, call] of Object.entries<Function>(methods)) {
  const value = function (this: Tensor, ...args: never[]) {
    return call(this, ...args);
  };
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}
