// Initialisers that do more than draw: torch.nn.init's other half.

import { noGrad } from '../autograd/index.js';
import { tensor as tensorOf } from '../creation.js';
import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { erf, floorDiv, pow, sqrt } from '../python-number.js';
import type { Generator } from '../random.js';
import { float } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { warn } from '../warn.js';

export interface DrawOptions {
  generator?: Generator | null;
}

export const drawNames: Names<DrawOptions> = { generator: true };

/** Φ, the standard normal distribution function. */
const normalCdf = (x: number): number => (1 + erf(x / sqrt(2))) / 2;

/** Runs without a graph and without leaving intermediates; answers with the tensor. */
function filled(tensor: Tensor, fill: () => void): Tensor {
  scope(() => noGrad(fill));
  return tensor;
}

/** Draws again what fell outside of [a, b]: where enough of the distribution is inside. */
function redraw(tensor: Tensor, mean: number, std: number, a: number, b: number, options: DrawOptions): void {
  const rounded = (x: number) => Number(tensorOf(x, { dtype: tensor.dtype }).item());
  const [low, high] = [rounded(a), rounded(b)];
  let result = tensor.normal_(mean, std, options);
  for (;;) {
    const outside = result.lt(low).bitwiseOr(result.gt(high));
    if (!outside.any().item()) break;
    result = aten.where(outside, aten.emptyLike(result).normal_(mean, std, options), result);
  }
  if (result !== tensor) tensor.copy_(result);
}

/** Accepts uniform candidates by their density: where [a, b] is far out. */
function reject(tensor: Tensor, mean: number, std: number, a: number, b: number, options: DrawOptions): void {
  const mode = Math.max(a, Math.min(mean, b));
  const peak = -0.5 * pow((mode - mean) / std, 2);
  const candidates = aten.emptyLike(tensor);
  const accept = aten.emptyLike(tensor);
  const density = () => candidates.sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(peak);
  const refused = () => accept.uniform_(options).log_().gt(candidates);
  tensor.uniform_(a, b, options);
  candidates.copy_(tensor);
  density();
  let pending = refused();
  if (!pending.any().item()) return;
  let result = tensor;
  do {
    candidates.uniform_(a, b, options);
    result = aten.where(pending, candidates, result);
    density();
    pending = aten.where(pending, refused(), pending);
  } while (pending.any().item());
  tensor.copy_(result);
}

/** N(mean, std²), cut off at a and b: values outside are drawn again. */
export function truncNormal_(
  tensor: Tensor,
  mean = 0,
  std = 1,
  a = -2,
  b = 2,
  options: DrawOptions = {},
): Tensor {
  requireNames(truncNormal_, options, drawNames);
  const { generator } = options;
  if (tensor.device.type === 'meta') return tensor;
  if (mean < a - 2 * std || mean > b + 2 * std) {
    warn(
      'mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.',
    );
  }
  const inside = normalCdf((b - mean) / std) - normalCdf((a - mean) / std);
  const draw = inside > 0.3 ? redraw : reject;
  return filled(tensor, () => draw(tensor, mean, std, a, b, { generator }));
}

/** The identity matrix. */
export function eye_(tensor: Tensor): Tensor {
  if (tensor.dim() !== 2) throw new ValueError('Only tensors with 2 dimensions are supported');
  const [rows, columns] = tensor.shape as [number, number];
  return filled(tensor, () => {
    const { dtype, device } = tensor;
    tensor.copy_(aten.eye(rows, columns, { dtype, device }));
  });
}

/** A convolution that hands its channels through, each group's from the first on. */
export function dirac_(tensor: Tensor, options: { groups?: number } = {}): Tensor {
  requireNames(dirac_, options, { groups: true });
  const { groups = 1 } = options;
  const { shape } = tensor;
  if (shape.length < 3 || shape.length > 5) {
    throw new ValueError('Only tensors with 3, 4, or 5 dimensions are supported');
  }
  const [outputs, inputs, ...kernel] = shape as [number, number, ...number[]];
  if (outputs % groups !== 0) throw new ValueError('dim 0 must be divisible by groups');
  const perGroup = floorDiv(outputs, groups);
  return filled(tensor, () => {
    tensor.zero_();
    for (let group = 0; group < groups; group++) {
      for (let channel = 0; channel < Math.min(perGroup, inputs); channel++) {
        let cell = tensor.select(0, group * perGroup + channel).select(0, channel);
        for (const size of kernel) cell = cell.select(0, floorDiv(size, 2));
        cell.fill_(1);
      }
    }
  });
}

/** A (semi-)orthogonal matrix; further dimensions count as columns (Saxe et al. 2013). */
export function orthogonal_(tensor: Tensor, options: DrawOptions & { gain?: number } = {}): Tensor {
  requireNames(orthogonal_, options, { ...drawNames, gain: true });
  const { gain = 1, generator } = options;
  if (tensor.dim() < 2) throw new ValueError('Only tensors with 2 or more dimensions are supported');
  if (tensor.numel() === 0 || tensor.device.type === 'meta') return tensor;
  const rows = tensor.size(0);
  const columns = floorDiv(tensor.numel(), rows);
  return filled(tensor, () => {
    const flat = tensor.newEmpty([rows, columns]).normal_(0, 1, { generator });
    if (rows < columns) flat.t_();
    const [q, r] = aten.linalgQr(flat);
    q.mul_(aten.diag(r, 0).sign());
    if (rows < columns) q.t_();
    tensor.viewAs(q).copy_(q);
    tensor.mul_(gain);
  });
}

/** N(0, std²) with this fraction of each column at 0 (Martens 2010). */
export function sparse_(
  tensor: Tensor,
  sparsity: number,
  options: DrawOptions & { std?: number } = {},
): Tensor {
  requireNames(sparse_, options, { ...drawNames, std: true });
  const { std = 0.01, generator } = options;
  if (tensor.dim() !== 2) throw new ValueError('Only tensors with 2 dimensions are supported');
  if (tensor.device.type === 'meta') return tensor;
  const [rows, columns] = tensor.shape as [number, number];
  const zeros = Math.ceil(sparsity * rows);
  return filled(tensor, () => {
    tensor.normal_(0, std, { generator });
    for (let column = 0; column < columns; column++) {
      const chosen = aten.randperm(rows).narrow(0, 0, zeros).to(tensor.device);
      tensor.select(1, column).indexFill_(0, chosen, float(0));
    }
  });
}
