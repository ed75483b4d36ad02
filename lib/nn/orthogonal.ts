// Orthogonal weights as a parametrization (torch.nn.utils.parametrizations.orthogonal).

import { noGrad } from '../autograd/index.js';
import { int32 } from '../dtype.js';
import { NotImplementedError, ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { pow } from '../python-number.js';
import { sizeText } from '../python-text.js';
import { float } from '../scalar.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Module } from './module.js';
import { registerParametrization } from './parametrize.js';

export type OrthogonalMap = 'matrix_exp' | 'cayley' | 'householder';

/** The exponents of the machine epsilon; −23 for float32 and complex64. */
const exponents: Record<string, number> = { float16: -10, bfloat16: -7, float64: -52, complex128: -52 };

const last = { dim1: -2, dim2: -1 };

function isOrthogonal(q: Tensor): boolean {
  const { dtype, device } = q;
  const identity = aten.eye(q.size(-1), { dtype, device });
  const atol = 10 * q.size(-2) * pow(2, exponents[dtype.name] ?? -23);
  return aten.allclose(q.mH.matmul(q), identity, { atol });
}

function madeOrthogonal(a: Tensor): Tensor {
  const [x, tau] = aten.geqrf(a);
  const q = aten.linalgHouseholderProduct(x, tau);
  return q.mul_(x.diagonal(last).sgn().unsqueeze(-2));
}

class _Orthogonal extends Module {
  readonly shape: number[];
  /** What the map starts from, so that the weight keeps its value. */
  readonly base: Tensor | null = null;

  constructor(
    weight: Tensor,
    readonly map: OrthogonalMap,
    readonly trivializes: boolean,
  ) {
    super();
    if (weight.dtype.isComplex && map === 'householder') {
      throw new ValueError('The householder parametrization does not support complex tensors.');
    }
    this.shape = weight.shape;
    if (trivializes) this.registerBuffer('base', null);
  }

  private lieMap(square: Tensor): Tensor {
    const [n, k] = [square.size(-2), square.size(-1)];
    let x = square.tril();
    if (n !== k) {
      const missing = x.newZeros([n, n - k]).expand([...x.shape.slice(0, -2), -1, -1]);
      x = aten.cat([x, missing], -1);
    }
    const a = x.sub(x.mH);
    if (this.map === 'matrix_exp') return aten.matrixExp(a);
    const identity = aten.eye(n, { dtype: a.dtype, device: a.device });
    return aten.linalgSolve(identity.add(a, { alpha: -0.5 }), identity.add(a, { alpha: 0.5 }));
  }

  private householder(x: Tensor): Tensor {
    const a = x.tril(-1);
    const tau = a.mul(a).sum(-2).add(float(1)).reciprocal().mul(float(2));
    return aten.linalgHouseholderProduct(a, tau).mul(x.diagonal(last).to(int32).unsqueeze(-2));
  }

  override forward(given: Tensor): Tensor {
    return scope(() => {
      const transposed = given.size(-2) < given.size(-1);
      const x = transposed ? given.mT : given;
      const k = x.size(-1);
      let q = this.map === 'householder' ? this.householder(x) : this.lieMap(x);
      if (q.size(-1) !== k) q = q.narrow(-1, 0, k);
      if (this.base) q = this.base.matmul(q);
      return transposed ? q.mT : q;
    });
  }

  rightInverse(given: Tensor): Tensor {
    if (sizeText(given.shape) !== sizeText(this.shape)) {
      throw new ValueError(
        `Expected a matrix or batch of matrices of shape ${sizeText(this.shape)}. Got a tensor of shape ${sizeText(given.shape)}.`,
      );
    }
    return scope(() => noGrad(() => (this.trivializes ? this.rebased(given) : this.factored(given))));
  }

  private factored(given: Tensor): Tensor {
    if (this.map !== 'householder') {
      throw new NotImplementedError(
        'It is not possible to assign to the matrix exponential or the Cayley parametrizations when ' +
          'use_trivialization=False.',
      );
    }
    const transposed = given.size(-2) < given.size(-1);
    const [a, tau] = aten.geqrf(transposed ? given.mT : given);
    const diagonal = a.diagonal(last);
    diagonal.sign_();
    diagonal.copy_(aten.where(tau.eq(0), diagonal.neg(), diagonal));
    return transposed ? a.mT : a;
  }

  private rebased(given: Tensor): Tensor {
    const q = given.size(-2) < given.size(-1) ? given.mT : given;
    const [n, k] = [q.size(-2), q.size(-1)];
    const { dtype, device } = q;
    let base: Tensor;
    if (n === k) base = isOrthogonal(q) ? q.clone() : madeOrthogonal(q);
    else {
      const drawn = aten.randn([...q.shape.slice(0, -2), n, n - k], { dtype, device });
      base = madeOrthogonal(aten.cat([q, drawn], -1));
    }
    this.registerBuffer('base', base);
    const negated = aten.zerosLike(given);
    negated.diagonal(last).fill_(float(-1));
    return negated;
  }
}

export interface OrthogonalOptions {
  name?: string;
  /** 'matrix_exp' for square and complex matrices, else 'householder', if not given. */
  orthogonalMap?: OrthogonalMap | null;
  /** Keeps the weight's value and lets it be assigned to, for one more matrix product. */
  useTrivialization?: boolean;
}

/** Keeps a weight's matrices orthogonal, or their columns or rows where they are not square. */
export function orthogonal<M extends Module>(module: M, options: OrthogonalOptions = {}): M {
  requireNames(orthogonal, options, { name: true, orthogonalMap: true, useTrivialization: true });
  const { name = 'weight', useTrivialization = true } = options;
  const weight: unknown = Reflect.get(module, name);
  if (!isTensor(weight)) {
    throw new ValueError(`Module '${module}' has no parameter or buffer with name '${name}'`);
  }
  if (weight.dim() < 2) {
    throw new ValueError(
      `Expected a matrix or batch of matrices. Got a tensor of ${weight.dim()} dimensions.`,
    );
  }
  const square = weight.size(-2) === weight.size(-1);
  const map = options.orthogonalMap ?? (square || weight.dtype.isComplex ? 'matrix_exp' : 'householder');
  if (!['matrix_exp', 'cayley', 'householder'].includes(map)) {
    throw new ValueError(
      `orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: ${map}`,
    );
  }
  return registerParametrization(module, name, new _Orthogonal(weight, map, useTrivialization), {
    unsafe: true,
  });
}
