// Randomised decompositions of nearly low-rank matrices (Halko et al. 2009; torch/_lowrank.py).

import { float32 } from '../dtype.js';
import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';

export interface LowrankOptions {
  /** A slightly too large guess of the rank. */
  q?: number | null;
  /** Power iterations. */
  niter?: number | null;
}

const lowrankNames: Names<LowrankOptions> = { q: true, niter: true };

type Usv = [u: Tensor, s: Tensor, v: Tensor];

/** An orthonormal basis of about the range of A − M; draws one random matrix. */
function approximateBasis(a: Tensor, q: number, niter: number, m: Tensor | null): Tensor {
  const real = a.dtype.isFloatingPoint || a.dtype.isComplex;
  const dtype = real ? a.dtype : float32;
  const times = (x: Tensor, from: Tensor, mean: Tensor | null) =>
    mean ? from.matmul(x).sub(mean.matmul(x)) : from.matmul(x);
  const orthonormal = (x: Tensor) => aten.linalgQr(x)[0];
  const random = aten.randn([a.size(-1), q], { dtype, device: a.device });
  let basis = orthonormal(times(random, a, m));
  for (let i = 0; i < niter; i++) {
    basis = orthonormal(times(basis, a.mH, m?.mH ?? null));
    basis = orthonormal(times(basis, a, m));
  }
  return basis;
}

/** The q largest singular values and vectors of A [..., m, n], or of A − M: A ≈ U diag(S) Vᴴ. */
export function svdLowrank(a: Tensor, options: LowrankOptions & { M?: Tensor | null } = {}): Usv {
  requireNames(svdLowrank, options, { ...lowrankNames, M: true });
  const { q, niter, M } = options;
  return scope(() => {
    const wide = a.size(-2) < a.size(-1);
    const mean = M ? M.broadcastTo(a.shape) : null;
    const [tall, tallMean] = wide ? [a.mH, mean?.mH ?? null] : [a, mean];
    const basis = approximateBasis(tall, q ?? 6, niter ?? 2, tallMean);
    const projected = basis.mH.matmul(tall);
    const reduced = tallMean ? projected.sub(basis.mH.matmul(tallMean)) : projected;
    const [u, s, vh] = aten.linalgSvd(reduced, false);
    const [left, right] = [basis.matmul(u), vh.mH];
    return wide ? [right, s, left] : [left, s, right];
  });
}

/** Principal components of the rows of A [..., m, n]. */
export function pcaLowrank(a: Tensor, options: LowrankOptions & { center?: boolean } = {}): Usv {
  requireNames(pcaLowrank, options, { ...lowrankNames, center: true });
  const { center = true } = options;
  const niter = options.niter ?? 2;
  const [m, n] = [a.size(-2), a.size(-1)];
  const q = options.q ?? Math.min(6, m, n);
  if (!(q >= 0 && q <= Math.min(m, n))) {
    throw new ValueError(
      `q(=${q}) must be non-negative integer and not greater than min(m, n)=${Math.min(m, n)}`,
    );
  }
  if (!(niter >= 0)) throw new ValueError(`niter(=${niter}) must be non-negative integer`);
  if (!center) return svdLowrank(a, { q, niter });
  return scope(() => svdLowrank(a.sub(a.mean([-2], true)), { q, niter }));
}

/** The LU factorisation with pivots; [LU, pivots, infos] with `getInfos`, which then does not throw. */
export function lu(
  a: Tensor,
  options: { pivot?: boolean; getInfos?: boolean; out?: Tensor[] | null } = {},
): Tensor[] {
  requireNames(lu, options, { pivot: true, getInfos: true, out: true });
  const { pivot = true, getInfos = false, out } = options;
  const [factors, pivots, infos] = aten._luWithInfo(a, pivot, !getInfos);
  const found = getInfos ? [factors, pivots, infos] : [factors, pivots];
  if (!getInfos) infos.dispose();
  if (!out) return found;
  if (out.length !== found.length) {
    throw new TypeError(`expected tuple of ${found.length} elements but got ${out.length}`);
  }
  out.forEach((into, i) => {
    into.resizeAs_(found[i] as Tensor).copy_(found[i] as Tensor);
  });
  return out;
}
