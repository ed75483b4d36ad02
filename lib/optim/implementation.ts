// Which of Python's implementations runs a step, and how parameters are grouped for it.

import { TorchError } from '../errors.js';
import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';
import type { ParamGroup } from './param-group.js';

/** A parameter that has a gradient, and what the optimizer remembers of it. */
export interface Entry<S> {
  param: Tensor;
  grad: Tensor;
  state: S;
}

/** The options by which an implementation is chosen. */
export interface ImplementationOptions {
  /** All parameters of a group in one call of each operator; null: on CUDA only, as in Python. */
  foreach?: boolean | null;
  /** Autograd records the step. */
  differentiable?: boolean;
  /** For CUDA graphs, which do not exist here: refused as Python refuses it on the CPU. */
  capturable?: boolean;
}

export interface Implementation {
  foreach: boolean | null;
  differentiable: boolean;
  capturable?: boolean;
  fused?: boolean | null;
}

/** `_default_to_fused_or_foreach`, where neither was asked for. */
export function usesForeach(group: ParamGroup & Implementation, entries: readonly Entry<unknown>[]): boolean {
  const { foreach, fused, differentiable, capturable } = group;
  const chosen =
    foreach ??
    (fused == null && !differentiable && entries.every(({ param }) => param.device.type === 'cuda'));
  if (capturable && entries.length > 0) {
    const suffix = chosen ? '' : ", 'xla'";
    throw new TorchError(
      'If capturable=True, params and state_steps must be on supported devices: ' +
        `['cuda', 'xpu', 'hpu', 'privateuseone'${suffix}].`,
    );
  }
  if (chosen && differentiable) throw new TorchError("_foreach ops don't support autograd");
  return chosen;
}

/** Throws TorchError where Python's fused kernels do not take the parameter. */
export function requireFusable({ dtype, device }: Tensor): void {
  if (dtype.isFloatingPoint && ['cpu', 'cuda'].includes(device.type)) return;
  throw new TorchError(
    '`fused=True` requires all the params to be floating point Tensors of supported devices: ' +
      `['mps', 'cuda', 'xpu', 'hpu', 'cpu', 'mtia', 'privateuseone'] but ${dtype} and ${device.type}`,
  );
}

export function checkFused({ fused, foreach, differentiable }: Partial<Implementation>): void {
  if (!fused) return;
  if (differentiable) throw new TorchError('`fused` does not support `differentiable`');
  if (foreach) throw new TorchError('`fused` and `foreach` cannot be `True` together.');
}

/** Entries whose parameters share device and dtype: what one foreach or fused call takes. */
export function alike<S>(entries: readonly Entry<S>[]): Entry<S>[][] {
  const groups = new Map<string, Entry<S>[]>();
  for (const entry of entries) {
    const key = `${entry.param.device} ${entry.param.dtype}`;
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return [...groups.values()];
}

/** A complex tensor as pairs of real numbers. */
export const real = (tensor: Tensor): Tensor => (tensor.dtype.isComplex ? aten.viewAsReal(tensor) : tensor);

interface Decay {
  maximize: boolean;
  weightDecay: number;
}

export const signed = (grad: Tensor, maximize: boolean): Tensor => (maximize ? grad.neg() : grad);

/** The gradient that the single-tensor paths go on with. */
export function decayedGrad(
  { grad, param }: Pick<Entry<unknown>, 'grad' | 'param'>,
  { maximize, weightDecay }: Decay,
): Tensor {
  const ascending = signed(grad, maximize);
  return weightDecay !== 0 ? ascending.add(param, { alpha: weightDecay }) : ascending;
}

/** The same for the foreach paths; the gradients themselves where there is nothing to do. */
export function decayedGrads(grads: Tensor[], params: Tensor[], { maximize, weightDecay }: Decay): Tensor[] {
  const ascending = maximize ? aten._foreachNeg(grads) : grads;
  return weightDecay !== 0 ? aten._foreachAdd(ascending, params, { alpha: weightDecay }) : ascending;
}
