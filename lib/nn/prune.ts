// torch.nn.utils.prune: zeros in parameters, by a mask that stays beside them until `remove`.

import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import type { Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { parametersToVector } from './convert-parameters.js';
import type { Module } from './module.js';
import {
  BasePruningMethod,
  type ImportanceOptions,
  importanceNames,
  PruningContainer,
  pruningOf,
} from './pruning-method.js';
import {
  CustomFromMask,
  Identity,
  L1Unstructured,
  LnStructured,
  RandomStructured,
  RandomUnstructured,
} from './pruning-methods.js';
import { beside, fieldOf, recomputedOf } from './recomputed.js';

export * from './pruning-method.js';
export * from './pruning-methods.js';

/** Gives the parameter the names of a pruned one, with a mask of ones. */
export function identity<M extends Module>(module: M, name: string): M {
  Identity.apply(module, name);
  return module;
}

/** Prunes elements that are drawn; `amount`: an integral number of them, or a fraction. */
export function randomUnstructured<M extends Module>(module: M, name: string, amount: Real): M {
  RandomUnstructured.apply(module, name, amount);
  return module;
}

/** Prunes the elements that are smallest in absolute value, or in `importanceScores`. */
export function l1Unstructured<M extends Module>(
  module: M,
  name: string,
  amount: Real,
  options: ImportanceOptions = {},
): M {
  requireNames(l1Unstructured, options, importanceNames);
  L1Unstructured.apply(module, name, amount, options);
  return module;
}

/** Prunes channels along `dim` that are drawn. */
export function randomStructured<M extends Module>(module: M, name: string, amount: Real, dim: number): M {
  RandomStructured.apply(module, name, amount, { dim });
  return module;
}

/** Prunes the channels along `dim` whose n-norm is smallest. */
export function lnStructured<M extends Module>(
  module: M,
  name: string,
  amount: Real,
  n: number | 'fro' | 'nuc',
  dim: number,
  options: ImportanceOptions = {},
): M {
  requireNames(lnStructured, options, importanceNames);
  LnStructured.apply(module, name, amount, n, { dim, ...options });
  return module;
}

/** Prunes where `mask`, shaped like the parameter, is 0. */
export function customFromMask<M extends Module>(module: M, name: string, mask: Tensor): M {
  CustomFromMask.apply(module, name, mask);
  return module;
}

/** A method that prunes single elements, `L1Unstructured` say. */
export type UnstructuredMethod<Args extends unknown[]> = new (...args: Args) => BasePruningMethod;

/** The scores of a module's parameters, by their names. */
export type ImportanceScores = ReadonlyMap<Module, { readonly [name: string]: Tensor }>;

/** Prunes several parameters as if they were one vector; `args` are those of the method. */
export function globalUnstructured<Args extends unknown[]>(
  parameters: Iterable<readonly [module: Module, name: string]>,
  pruningMethod: UnstructuredMethod<Args>,
  args: Args,
  options: { importanceScores?: ImportanceScores } = {},
): void {
  requireNames(globalUnstructured, options, { importanceScores: true });
  const { importanceScores = new Map() } = options;
  if (typeof parameters?.[Symbol.iterator] !== 'function') {
    throw new TypeError('global_unstructured(): parameters is not an Iterable');
  }
  if (!(importanceScores instanceof Map)) {
    throw new TypeError('global_unstructured(): importance_scores must be of type dict');
  }
  const listed = [...parameters];
  const method = new pruningMethod(...args);
  if (method.PRUNING_TYPE !== 'unstructured') {
    throw new TypeError(
      `Only "unstructured" PRUNING_TYPE supported for the \`pruning_method\`. Found method ${pruningMethod.name} of ` +
        `type ${method.PRUNING_TYPE}`,
    );
  }
  scope(() => {
    const scores = listed.map(
      ([module, name]) => importanceScores.get(module)?.[name] ?? fieldOf(module, name),
    );
    const masks = listed.map(
      ([module, name]) =>
        (Reflect.get(module, beside(name, 'mask')) as Tensor | undefined) ??
        aten.onesLike(fieldOf(module, name)),
    );
    const mask = new PruningContainer(method).computeMask(
      parametersToVector(scores),
      parametersToVector(masks),
    );
    let start = 0;
    for (const [module, name] of listed) {
      const parameter = fieldOf(module, name);
      const length = parameter.numel();
      customFromMask(module, name, mask.narrow(0, start, length).viewAs(parameter));
      start += length;
    }
  });
}

/** Makes the pruned tensor the parameter for good. Throws ValueError where it is not pruned. */
export function remove<M extends Module>(module: M, name: string): M {
  const method = pruningOf(module, name);
  if (!method) {
    throw new ValueError(
      `Parameter '${name}' of module ${module} has to be pruned before pruning can be removed`,
    );
  }
  method.remove(module);
  return module;
}

/** True if a parameter of the module, or of one inside, is pruned. */
export function isPruned(module: Module): boolean {
  return module
    .modules()
    .some((one) => recomputedOf(one).some((found) => found instanceof BasePruningMethod));
}
