// Python's copy.deepcopy of modules.

import { isTensor, type Tensor } from '../tensor.js';
import { Module } from './module.js';
import { isModule, persistentOf } from './module-tree.js';
import { Parameter } from './parameter.js';

type Memo = Map<object, unknown>;

function copyTensor(tensor: Tensor): Tensor {
  const data = tensor.detach().clone();
  if (tensor instanceof Parameter) return new Parameter(data, tensor.requiresGrad);
  return data.requiresGrad_(tensor.requiresGrad).keep();
}

function copyModule(module: Module, memo: Memo): Module {
  // The constructors of subclasses would draw parameters and take arguments that nobody knows any more.
  const copy = Reflect.construct(Module, [], module.constructor) as Module;
  Object.setPrototypeOf(copy, Object.getPrototypeOf(module));
  memo.set(module, copy);
  for (const [field, persistent] of persistentOf(module)) persistentOf(copy).set(field, persistent);
  for (const [field, value] of Object.entries(module)) Reflect.set(copy, field, copyValue(value, memo));
  return copy;
}

function copyObject(value: object, memo: Memo): unknown {
  if (isTensor(value)) return copyTensor(value);
  if (isModule(value)) return copyModule(value as Module, memo);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copyValue(item, memo)]));
  return Array.isArray(value) ? value.map((item) => copyValue(item, memo)) : value;
}

function copyValue(value: unknown, memo: Memo): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!memo.has(value)) memo.set(value, copyObject(value, memo));
  return memo.get(value);
}

/**
 * A copy with tensors of its own; what appears several times in the original is shared in the copy likewise. Gradients
 * are left out. Fields are copied where they hold modules, tensors, arrays and Maps of them; other objects are shared.
 */
export function deepcopy<T>(value: T): T {
  return copyValue(value, new Map()) as T;
}
