// A parameter group as an optimizer takes it up, and what Python refuses of it.

import { ValueError } from '../errors.js';
import { typeText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';
import { type ParamGroup, type ParamGroupInput, unpacked } from './param-group.js';

/** A parameter with its name. */
export function isPair(value: unknown): value is readonly [string, Tensor] {
  return Array.isArray(value);
}

/** A `torch.float(1)` among the options is the number that it stands for. */
export function plain<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, unpacked(value)])) as T;
}

/** The group with the optimizer's defaults for what it does not say. Throws TypeError or ValueError. */
export function newGroup<G extends ParamGroup>(input: ParamGroupInput<G>, defaults: Omit<G, 'params'>): G {
  const { params, ...options } = input;
  if (params instanceof Set) {
    throw new TypeError(
      'optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets ' +
        'will change between runs. Please use a list instead.',
    );
  }
  const given: unknown[] = isTensor(params) ? [params] : [...params];
  const names = given.filter(isPair).map(([name]) => name);
  if (names.length !== 0 && names.length !== given.length) {
    throw new ValueError('all optimizer params should be with/without names. Some param names are missing');
  }
  const { differentiable } = defaults as { differentiable?: boolean };
  const tensors = given.map((param) => (isPair(param) ? param[1] : param)).map(requireTensor);
  if (!differentiable && tensors.some((param) => !param.isLeaf)) {
    throw new ValueError("can't optimize a non-leaf Tensor");
  }
  const named = names.length === 0 ? {} : { paramNames: names };
  const group = { params: tensors, ...plain(options), ...named } as unknown as G;
  for (const [key, value] of Object.entries(defaults)) {
    if (!(key in group)) Object.assign(group, { [key]: value });
  }
  return group;
}

function requireTensor(param: unknown): Tensor {
  if (isTensor(param)) return param;
  throw new TypeError(`optimizer can only optimize Tensors, but one of the params is ${typeText(param)}`);
}
