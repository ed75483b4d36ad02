// Hyperparameters are numbers or, as in Python, tensors of one element; Python's operators on both.

import { ValueError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { pow } from '../python-number.js';
import { isTensor, type Tensor } from '../tensor.js';

/** A number, or a tensor of one element. */
export type Hyperparameter = number | Tensor;

export const plus = (a: Hyperparameter, b: Hyperparameter): Hyperparameter =>
  isTensor(a) ? a.add(b) : isTensor(b) ? b.add(a) : a + b;

export const minus = (a: Hyperparameter, b: Hyperparameter): Hyperparameter =>
  isTensor(a) ? a.sub(b) : isTensor(b) ? aten.rsub(b, a) : a - b;

export const times = (a: Hyperparameter, b: Hyperparameter): Hyperparameter =>
  isTensor(a) ? a.mul(b) : isTensor(b) ? b.mul(a) : a * b;

export const over = (a: Hyperparameter, b: Hyperparameter): Hyperparameter =>
  isTensor(a) ? a.div(b) : isTensor(b) ? b.reciprocal().mul(a) : a / b;

export const power = (a: Hyperparameter, b: Hyperparameter): Hyperparameter =>
  isTensor(a) || isTensor(b) ? aten.pow(a as Tensor, b as Tensor) : pow(a, b);

export const negative = (a: Hyperparameter): Hyperparameter => (isTensor(a) ? a.neg() : -a);

/** The number itself: what Python's parser makes of a tensor where an operator takes a Scalar. */
export const numberOf = (a: Hyperparameter): number => (isTensor(a) ? Number(a.item()) : a);

/** Without dimensions (`_to_scalar`). */
export const toScalar = <T extends Hyperparameter>(a: T): T =>
  isTensor(a) && a.dim() !== 0 ? (a.squeeze() as T) : a;

/** Throws ValueError for a learning rate of several elements. */
export function requireOneElement(lr: Hyperparameter): void {
  if (isTensor(lr) && lr.numel() !== 1) throw new ValueError('Tensor lr must be 1-element');
}

export const absolute = (a: Hyperparameter): Hyperparameter => (isTensor(a) ? a.abs() : Math.abs(a));

/** `a < b`; a tensor compares in its own dtype. */
export const less = (a: Hyperparameter, b: Hyperparameter): boolean =>
  isTensor(a) ? Boolean(a.lt(b as Tensor).item()) : isTensor(b) ? Boolean(b.gt(a).item()) : a < b;

/** `a >= b`. */
export const atLeast = (a: Hyperparameter, b: Hyperparameter): boolean =>
  isTensor(a) ? Boolean(a.ge(b as Tensor).item()) : isTensor(b) ? Boolean(b.le(a).item()) : a >= b;
