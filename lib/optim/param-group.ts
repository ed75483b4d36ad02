// Parameter groups: camelCase in TypeScript, Python's spelling, values and order in a state dict.

import { camelToSnake, snakeToCamel } from '../names.js';
import { float, TorchFloat } from '../scalar.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import type { Hyperparameter } from './hyperparameter.js';

/** What every group has; an optimizer adds its hyperparameters, a scheduler `initialLr`. */
export interface ParamGroup {
  params: Tensor[];
  /** Names in files, if the parameters came with names. */
  paramNames?: string[];
  lr: Hyperparameter;
  initialLr?: Hyperparameter;
}

/** Tensors, or pairs as `model.namedParameters()` returns them. */
export type Params = Iterable<Tensor> | Iterable<readonly [name: string, parameter: Tensor]>;

/** A group as it is given: parameters, and the hyperparameters that differ from the optimizer's. */
export type ParamGroupInput<G extends ParamGroup> = Partial<Omit<G, 'params'>> & { params: Params | Tensor };

/** A learning rate is a float in files, also where it is integral; other numbers are ints there, as Python's defaults. */
function packed(key: string, value: unknown): unknown {
  const isRate = /^(lr|.+Lr)$/.test(key) && typeof value === 'number';
  return isRate && Number.isInteger(value) ? float(value) : value;
}

export function unpacked(value: unknown): unknown {
  if (value instanceof TorchFloat) return value.value;
  if (value instanceof Tuple) return Tuple.from(value.map(unpacked));
  return Array.isArray(value) ? value.map(unpacked) : value;
}

/** Python's dict of a group: `params` last, as the numbers of the parameters. */
export function packGroup(group: ParamGroup, numbers: number[]): Map<string, unknown> {
  const entries = Object.entries(group).filter(([key]) => key !== 'params');
  const dict = new Map(entries.map(([key, value]) => [camelToSnake(key), packed(key, value)]));
  return dict.set('params', numbers);
}

/**
 * A loaded group with the optimizer's own parameters. Hyperparameters that are tensors become the optimizer's own, as
 * schedulers change them in place; `copies` keeps one that groups share shared, as Python's deepcopy does.
 */
export function unpackGroup<G extends ParamGroup>(
  dict: ReadonlyMap<string, unknown>,
  current: G,
  copies: Map<Tensor, Tensor>,
): G {
  const entries = [...dict].filter(([key]) => key !== 'params');
  const own = (value: unknown): unknown => {
    if (!isTensor(value)) return unpacked(value);
    const copy = copies.get(value) ?? value.detach().clone().keep();
    copies.set(value, copy);
    return copy;
  };
  const options = Object.fromEntries(entries.map(([key, value]) => [snakeToCamel(key), own(value)]));
  const group = { ...options, params: current.params } as unknown as G;
  if (current.paramNames) group.paramNames ??= current.paramNames;
  return group;
}
