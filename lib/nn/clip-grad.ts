// torch.nn.utils.clip_grad: the operations of Python's default path, which is foreach on CPU and CUDA alike.

import { noGrad } from '../autograd/index.js';
import { tensor } from '../creation.js';
import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { formatFloat } from '../python-number.js';
import { float } from '../scalar.js';
import { isTensor, type Tensor } from '../tensor.js';
import { deprecated } from './deprecated.js';

type Tensors = Tensor | Iterable<Tensor>;

export interface NormOptions {
  /** The norm's degree; Infinity is the largest element. */
  normType?: number;
  errorIfNonfinite?: boolean;
  foreach?: boolean | null;
}

const normNames: Names<NormOptions> = { normType: true, errorIfNonfinite: true, foreach: true };

const listed = (tensors: Tensors): Tensor[] => (isTensor(tensors) ? [tensors] : [...tensors]);

function gradients(parameters: Tensors): Tensor[] {
  return listed(parameters).flatMap(({ grad }) => grad ?? []);
}

/** In the order in which each device and dtype first comes. */
function grouped(tensors: readonly Tensor[]): Tensor[][] {
  const groups = new Map<string, Tensor[]>();
  for (const tensor of tensors) {
    const key = `${tensor.device} ${tensor.dtype.name}`;
    const group = groups.get(key);
    if (group) group.push(tensor);
    else groups.set(key, [tensor]);
  }
  return [...groups.values()];
}

/** The norm of all tensors as if they were one vector. Throws TorchError for NaN and infinity if asked to. */
export function getTotalNorm(tensors: Tensors, options: NormOptions = {}): Tensor {
  requireNames(getTotalNorm, options, normNames);
  const { normType = 2, errorIfNonfinite = false, foreach } = options;
  const list = listed(tensors);
  const [first] = list;
  if (!first) return tensor(0);
  const degree = float(+normType);
  return scope(() =>
    noGrad(() => {
      const norms = grouped(list).flatMap((group) =>
        usesForeach(group, foreach)
          ? aten._foreachNorm(group, degree)
          : group.map((item) => aten.linalgVectorNorm(item, degree)),
      );
      const total = aten.linalgVectorNorm(aten.stack(norms.map((norm) => norm.to(first.device))), degree);
      if (errorIfNonfinite && total.isfinite().logicalNot().item()) {
        throw new TorchError(
          `The total norm of order ${formatFloat(+normType)} for gradients from \`parameters\` is non-finite, so it ` +
            'cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set ' +
            '`error_if_nonfinite=False`',
        );
      }
      return total;
    }),
  );
}

/** Scales the gradients so that their norm, which is given, is at most `maxNorm`. */
export function clipGradsWithNorm_(
  parameters: Tensors,
  maxNorm: number,
  totalNorm: Tensor,
  options: { foreach?: boolean | null } = {},
): void {
  requireNames(clipGradsWithNorm_, options, { foreach: true });
  const { foreach } = options;
  const grads = gradients(parameters);
  if (grads.length === 0) return;
  scope(() =>
    noGrad(() => {
      // Python's number / tensor is tensor.reciprocal() * number.
      const coefficient = totalNorm
        .add(1e-6)
        .reciprocal()
        .mul(float(+maxNorm))
        .clamp({ max: float(1) });
      for (const group of grouped(grads)) {
        const here = coefficient.to((group[0] as Tensor).device);
        if (usesForeach(group, foreach)) aten._foreachMul_(group, here);
        else for (const grad of group) grad.mul_(here);
      }
    }),
  );
}

/** Scales the gradients together so that their norm is at most `maxNorm`; answers with the norm that they had. */
export function clipGradNorm_(parameters: Tensors, maxNorm: number, options: NormOptions = {}): Tensor {
  requireNames(clipGradNorm_, options, normNames);
  const list = listed(parameters);
  const total = getTotalNorm(gradients(list), options);
  clipGradsWithNorm_(list, maxNorm, total, { foreach: options.foreach });
  return total;
}

export const clipGradNorm = deprecated(
  clipGradNorm_,
  '`torch.nn.utils.clip_grad_norm` is now deprecated in favor of `torch.nn.utils.clip_grad_norm_`.',
);

/** Cuts each element of the gradients off at ±`clipValue`. */
export function clipGradValue_(
  parameters: Tensors,
  clipValue: number,
  options: { foreach?: boolean | null } = {},
): void {
  requireNames(clipGradValue_, options, { foreach: true });
  const { foreach } = options;
  const limit = +clipValue;
  noGrad(() => {
    for (const group of grouped(gradients(parameters))) {
      if (usesForeach(group, foreach)) {
        aten._foreachClampMin_(group, float(-limit));
        aten._foreachClampMax_(group, float(limit));
      } else {
        for (const grad of group) grad.clamp_({ min: float(-limit), max: float(limit) });
      }
    }
  });
}

/** Where nothing is said, Python takes foreach on CPU and CUDA. */
function usesForeach(group: readonly Tensor[], foreach: boolean | null | undefined): boolean {
  const supported = group.every(({ device }) => device.type === 'cpu' || device.type === 'cuda');
  if (foreach && !supported) {
    const { type } = (group[0] as Tensor).device;
    throw new TorchError(`foreach=True was passed, but can't use the foreach API on ${type} tensors`);
  }
  return foreach ?? supported;
}
