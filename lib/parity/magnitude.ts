import { noGrad } from '../autograd/index.js';
import { complex128, float64 } from '../dtype.js';
import { scope } from '../memory.js';
import type { Tensor } from '../tensor.js';

/** The largest |a - b|; NaN where the shapes differ or a value is NaN on one side. */
export function largestDifference(a: Tensor, b: Tensor): number {
  if (`${a.shape}` !== `${b.shape}`) return Number.NaN;
  if (a.numel() === 0) return 0;
  return scope(() =>
    noGrad(() => {
      const dtype = a.dtype.isComplex || b.dtype.isComplex ? complex128 : float64;
      const [x, y] = [a.cpu().to(dtype), b.cpu().to(dtype)];
      const same = x.isnan().logicalAnd(y.isnan()).logicalOr(x.eq(y));
      return Number(x.sub(y).abs().maskedFill(same, 0).max().item());
    }),
  );
}
