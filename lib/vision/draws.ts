// What torchvision's transforms draw from PyTorch's default generator. In a DataLoader's worker the worker's own
// generator takes its place: its draws are those of Python's default generator in that worker.

import { getWorkerInfo } from '../data/index.js';
import { float32 } from '../dtype.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import type { Generator } from '../random.js';
import type { Tensor } from '../tensor.js';

const source = (): { generator: Generator | null } => ({ generator: getWorkerInfo()?.generator ?? null });

/** `torch.empty(1).uniform_(from, to).item()`. */
export function uniform(from: number, to: number): number {
  return scope(() => aten.empty([1]).uniform_(from, to, source()).item() as number);
}

/** `torch.rand(size)`. */
export function rand(size: readonly number[]): Tensor {
  return aten.rand(size, source());
}

/** `torch.rand(1) < p`, compared in the tensor's dtype. */
export function happens(p: number): boolean {
  return scope(() => rand([1]).lt(p).item() as boolean);
}

/** `torch.rand(()) <= p`, compared in the tensor's dtype. */
export function happensUpTo(p: number): boolean {
  return scope(() => rand([]).le(p).item() as boolean);
}

/** `int(torch.randint(low, high, (1,)))`. */
export function randint(low: number, high: number): number {
  return scope(() => Number(aten.randint(low, high, [1], source()).item()));
}

/** `torch.randperm(n).tolist()`. */
export function randperm(n: number): number[] {
  return scope(() => (aten.randperm(n, source()).tolist() as (number | bigint)[]).map(Number));
}

/** `torch.empty(size).normal_()`. */
export function normal(size: readonly number[]): Tensor {
  return aten.empty(size, { dtype: float32 }).normal_(source());
}

/** `torch.randn_like(image)`, as float32 where the image is not floating point. */
export function normalLike(image: Tensor): Tensor {
  const { dtype } = image;
  return aten.emptyLike(image, { dtype: dtype.isFloatingPoint ? dtype : float32 }).normal_(source());
}

/** `int(torch.multinomial(weights, 1))`. */
export function choose(weights: Tensor): number {
  return scope(() => Number(weights.multinomial(1, false, source()).item()));
}

/** `torch._sample_dirichlet(concentration)`. */
export function dirichlet(concentration: Tensor): Tensor {
  return aten._sampleDirichlet(concentration, source());
}
