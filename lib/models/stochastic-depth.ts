import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { Module } from '../nn/module.js';
import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';

/**
 * Drops the residual branch of an example with probability `p` while training (Huang et al. 2016); [N, ...] stays.
 * Throws ValueError for `p` outside of [0, 1].
 */
export class StochasticDepth extends Module {
  constructor(readonly p: number) {
    super();
    if (p < 0 || p > 1) throw new ValueError(`drop probability has to be between 0 and 1, but got ${p}`);
  }

  override forward(input: Tensor): Tensor {
    if (!this.training || this.p === 0) return input;
    const survival = 1 - this.p;
    return scope(() => {
      const { dtype, device } = input;
      const ones = Array.from({ length: input.dim() - 1 }, () => 1);
      const noise = aten.empty([input.size(0), ...ones], { dtype, device }).bernoulli_(survival);
      if (survival > 0) noise.div_(survival);
      return input.mul(noise);
    });
  }

  override extraRepr(): string {
    return `p=${this.p}, mode=row`;
  }
}
