// Which function here stands for an entry of PyTorch's operator database.

import * as torch from 'libtorch-node';
import { withoutCounterpart } from './without-counterpart.mjs';

export const camel = (name) =>
  name.replace(/(?<=[A-Za-z0-9])_([A-Za-z0-9])/g, (_, next) => next.toUpperCase());

/** The trailing object is left out where there is nothing in it. */
export const spread = (args, kwargs) => (Object.keys(kwargs).length > 0 ? [...args, kwargs] : args);

function maxPool2dBackward(
  [x, ...rest],
  { kernelSize, stride, padding = 0, dilation = 1, ceilMode = false },
) {
  const { functional } = torch.nn;
  const window = { stride, padding, dilation, ceilMode };
  const [size = kernelSize] = rest;
  const [out, indices] = functional.maxPool2d(x, size, { ...window, returnIndices: true });
  return torch.aten.maxPool2dWithIndicesBackward(
    torch.onesLike(out),
    x,
    size,
    stride ?? [],
    padding,
    dilation,
    ceilMode,
    indices,
  );
}

/** The lambdas of the database, written here; all others are named after what they call. */
const lambdas = {
  'normal.in_place': ([x, ...rest], named) => x.normal_(...spread(rest, named)),
  cauchy: ([x, ...rest], named) => x.cauchy_(...spread(rest, named)),
  exponential: ([x, ...rest], named) => x.exponential_(...spread(rest, named)),
  geometric: ([x, ...rest], named) => x.geometric_(...spread(rest, named)),
  log_normal: ([x, ...rest], named) => x.logNormal_(...spread(rest, named)),
  uniform: ([x, ...rest], named) => x.uniform_(...spread(rest, named)),
  einsum: ([operands, equation]) => torch.einsum(equation, ...operands),
  svd_lowrank: ([a, b, ...rest], named) => torch.svdLowrank(a.matmul(b.mT), ...spread(rest, named)),
  pca_lowrank: ([a, b, ...rest], named) => torch.pcaLowrank(a.matmul(b.mT), ...spread(rest, named)),
  polygamma: ([x, n], named) => torch.polygamma(n, x, ...spread([], named)),
  'special.polygamma': ([x, n], named) => torch.special.polygamma(n, x, ...spread([], named)),
  resize_: ([x, shape]) => x.clone().resize_(shape),
  resize_as_: ([x, other]) => x.clone().resizeAs_(other),
  zero_: ([x]) => x.clone().zero_(),
  where: ([self, condition, other], named) => torch.where(condition, self, other, ...spread([], named)),
  'normal.number_mean': ([std, mean, ...rest], named) => torch.normal(mean, std, ...spread(rest, named)),
  'nn.functional.embedding': ([weight, index], named) => torch.nn.functional.embedding(index, weight, named),
  'nn.functional.embedding_bag': ([weight, index], named) =>
    torch.nn.functional.embeddingBag(index, weight, named),
  'linalg.lstsq.grad_oriented': ([a, b], named) => torch.linalg.lstsq(a, b, named).slice(0, 2),
  'linalg.pinv.singular': ([a, b]) => torch.linalg.pinv(a.matmul(b.mT)),
  max_pool2d_with_indices_backward: maxPool2dBackward,
  // The database draws normal numbers for this entry.
  rand_like: ([x, ...rest], named) => torch.randnLike(x, ...spread(rest, named)),
  // JavaScript has no operators to reflect: what Python makes of `other - x` and its kin.
  __radd__: ([x, other]) => x.add(other),
  __rsub__: ([x, other]) => torch.rsub(x, other),
  __rmul__: ([x, other]) => x.mul(other),
  __rdiv__: ([x, other]) => x.reciprocal().mul(other),
  __rpow__: ([x, other]) => torch.pow(other, x),
  __rmod__: ([x, other]) => torch.remainder(other, x),
  __rmatmul__: ([x, other]) => torch.matmul(other, x),
  __rand__: ([x, other]) => x.bitwiseAnd(other),
  __ror__: ([x, other]) => x.bitwiseOr(other),
  __rxor__: ([x, other]) => x.bitwiseXor(other),
  __getitem__: ([x, ...index]) => x.index(...index),
  ...Object.fromEntries(['T', 'H', 'mT', 'mH'].map((name) => [name, ([x]) => x[name]])),
};

function at(path) {
  return path.split('.').reduce((place, name) => place?.[camel(name)], torch);
}

/** The function that Python calls, by its public name; Tensor's methods take the first argument as `this`. */
function named(path) {
  if (path.startsWith('torch.ops.')) {
    const [, namespace, operator, overload] = path.slice('torch.'.length).split('.');
    const packet = torch.ops[namespace]?.[camel(operator)];
    const called = overload ? packet?.[overload] : packet;
    return called && ((args, kwargs) => called(...spread(args, kwargs)));
  }
  if (path.startsWith('torch.Tensor.')) return method(path.slice('torch.Tensor.'.length));
  const name = path.slice('torch.'.length);
  const called = at(name) ?? torch.aten[camel(name)];
  return typeof called === 'function' ? (args, kwargs) => called(...spread(args, kwargs)) : undefined;
}

function method(name) {
  const key = camel(name);
  if (!(key in torch.Tensor.prototype)) return undefined;
  return ([self, ...rest], kwargs) => self[key](...spread(rest, kwargs));
}

/** @returns {{ call?: (args: unknown[], kwargs: object) => unknown, reason?: string }} */
export function counterpart({ op, name, public: path }) {
  const reason = withoutCounterpart[op] ?? withoutCounterpart[name];
  if (reason) return { reason };
  const lambda = lambdas[op] ?? lambdas[name];
  if (lambda) return { call: lambda };
  const call = path ? named(path) : (method(name) ?? named(`torch.${name}`));
  return call ? { call } : { reason: 'missing: nothing here has its name' };
}
