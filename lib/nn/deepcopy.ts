// Python's copy.deepcopy of modules.

import { TorchError } from '../errors.js';
import { OrderedDict } from '../ordered-dict.js';
import { isTensor, type Tensor } from '../tensor.js';
import { copyHooks } from './hooks.js';
import { Module } from './module.js';
import { isModule, persistentOf } from './module-tree.js';
import { Parameter } from './parameter.js';
import { copyStateDictHooks } from './state-dict-hooks.js';
import { UninitializedBuffer, UninitializedParameter } from './uninitialized.js';

type Memo = Map<object, unknown>;

function copyTensor(tensor: Tensor): Tensor {
  const { requiresGrad, device, dtype } = tensor;
  if (tensor instanceof UninitializedParameter) {
    return new UninitializedParameter({ device, dtype, requiresGrad });
  }
  if (tensor instanceof UninitializedBuffer) return new UninitializedBuffer({ device, dtype });
  const data = () => tensor.detach().clone();
  if (tensor instanceof Parameter) return new Parameter(data(), requiresGrad);
  if (!tensor.isLeaf) {
    throw new TorchError(
      'Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.  If ' +
        'you were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm usage, see ' +
        'https://github.com/pytorch/pytorch/pull/103001',
    );
  }
  const copy = data().requiresGrad_(requiresGrad).keep();
  if (tensor.grad) copy.grad = copyTensor(tensor.grad);
  return copy;
}

function copyModule(module: Module, memo: Memo): Module {
  // The constructors of subclasses would draw parameters and take arguments that nobody knows any more.
  const copy = Object.setPrototypeOf(new Module(), Object.getPrototypeOf(module)) as Module;
  memo.set(module, copy);
  for (const [field, persistent] of persistentOf(module)) persistentOf(copy).set(field, persistent);
  for (const [field, value] of Object.entries(module)) Reflect.set(copy, field, copyValue(value, memo));
  copyHooks(module, copy);
  copyStateDictHooks(module, copy);
  return copy;
}

function copyInto<C extends object>(source: object, copy: C, memo: Memo, fill: (copy: C) => void): C {
  memo.set(source, copy);
  fill(copy);
  return copy;
}

function copyObject(value: object, memo: Memo): unknown {
  if (isTensor(value)) return copyTensor(value);
  if (isModule(value)) return copyModule(value as Module, memo);
  const inner = (item: unknown) => copyValue(item, memo);
  if (value instanceof Map) {
    const empty = value instanceof OrderedDict ? new OrderedDict() : new Map();
    return copyInto(value, empty, memo, (copy) => {
      for (const [key, item] of value) copy.set(key, inner(item));
    });
  }
  if (value instanceof Set) {
    return copyInto(value, new Set(), memo, (copy) => {
      for (const item of value) copy.add(inner(item));
    });
  }
  if (Array.isArray(value)) {
    return copyInto(value, [] as unknown[], memo, (copy) => {
      for (const item of value) copy.push(inner(item));
    });
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return copyInto(value, {}, memo, (copy) => {
    for (const [key, item] of Object.entries(value)) Reflect.set(copy, key, inner(item));
  });
}

function copyValue(value: unknown, memo: Memo): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!memo.has(value)) memo.set(value, copyObject(value, memo));
  return memo.get(value);
}

/**
 * A copy with tensors of its own; what appears several times in the original is shared in the copy likewise. Gradients
 * of parameters are left out, as in Python. Fields are copied where they hold modules, tensors, arrays, Maps, Sets and
 * plain objects; functions and instances of other classes are shared. The constructor does not run again, so that a
 * class with `#private` members of its own cannot be copied: TypeScript's `private` can.
 */
export function deepcopy<T>(value: T): T {
  return copyValue(value, new Map()) as T;
}
