// What an optimizer remembers of one parameter: camelCase in TypeScript, Python's spelling in a state dict.

import { float32 } from '../dtype.js';
import { camelToSnake, snakeToCamel } from '../names.js';
import { isTensor, type Tensor } from '../tensor.js';
import { unpacked } from './param-group.js';

export type ParamState = Record<string, unknown>;

export function packState(state: ParamState): Map<string, unknown> {
  return new Map(Object.entries(state).map(([key, value]) => [camelToSnake(key), value]));
}

/**
 * A loaded state for its parameter. `step` keeps its dtype and device (pytorch/pytorch#74424) unless the group is fused
 * or capturable; every other tensor follows the parameter's.
 */
export function unpackState(
  values: ReadonlyMap<string, unknown>,
  param: Tensor,
  group: ReadonlyMap<string, unknown> | undefined,
): ParamState {
  const besideParam = Boolean(group?.get('fused') || group?.get('capturable'));
  const dtype = param.dtype.isFloatingPoint ? param.dtype : null;
  const cast = (value: unknown, key?: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => cast(item));
    if (!isTensor(value)) return unpacked(value);
    if (key !== 'step') return value.to({ dtype, device: param.device }).keep();
    return (besideParam ? value.to({ dtype: float32, device: param.device }) : value).keep();
  };
  return Object.fromEntries([...values].map(([key, value]) => [snakeToCamel(key), cast(value, key)]));
}
