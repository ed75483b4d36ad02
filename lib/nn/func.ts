// torch.func's way to run a module with tensors that are not its own.

import { TorchError, ValueError } from '../errors.js';
import { requireNames } from '../options.js';
import { stringRepr } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import type { Module } from './module.js';
import { swapTensor } from './module-tree.js';

type Tensors = Map<string, Tensor>;

export interface FunctionalCallOptions {
  /** A tensor that the module has under several names is replaced under all of them. */
  tieWeights?: boolean;
  /** Throws TorchError where the names are not exactly the module's. */
  strict?: boolean;
}

function named(module: Module): [name: string, tensor: Tensor][] {
  const removeDuplicate = false;
  return [...module.namedParameters({ removeDuplicate }), ...module.namedBuffers({ removeDuplicate })];
}

/** The given tensors under every name that the module has for what they replace. */
function tied(module: Module, given: ReadonlyMap<string, Tensor>): Tensors {
  const names = new Map<Tensor, string[]>();
  for (const [name, tensor] of named(module)) names.set(tensor, [...(names.get(tensor) ?? []), name]);
  const untied: Tensors = new Map(given);
  for (const group of names.values()) {
    const replacing = new Set(group.flatMap((name) => given.get(name) ?? []));
    if (replacing.size > 1) {
      const keys = [...group].sort().map(stringRepr).join(', ');
      throw new ValueError(
        `functional_call got multiple values for keys [${keys}], which are tied. Consider using tie_weights=False`,
      );
    }
    for (const tensor of replacing) for (const name of group) untied.set(name, tensor);
  }
  return untied;
}

function requireKeys(module: Module, given: ReadonlyMap<string, Tensor>): void {
  const known = new Set(named(module).map(([name]) => name));
  const listed = (names: string[]) => [...names].sort().map(stringRepr).join(', ');
  const unexpected = [...given.keys()].filter((name) => !known.has(name));
  const missing = [...known].filter((name) => !given.has(name));
  const lines = [
    ...(unexpected.length > 0 ? [`Unexpected key(s): ${listed(unexpected)}.`] : []),
    ...(missing.length > 0 ? [`Missing key(s): ${listed(missing)}.`] : []),
  ];
  if (lines.length === 0) return;
  throw new TorchError(
    `Error(s) in reparametrizing for ${module.constructor.name}:\n\t${lines.join('\n\t')}`,
  );
}

/** Puts tensors in their places; answers with those that were there. */
function swapped(module: Module, tensors: ReadonlyMap<string, Tensor>): Tensors {
  const before: Tensors = new Map();
  for (const [name, tensor] of tensors) {
    const at = name.lastIndexOf('.');
    const owner = module.getSubmodule(at < 0 ? '' : name.slice(0, at));
    const old = swapTensor(owner, name.slice(at + 1), tensor);
    if (old) before.set(name, old);
  }
  return before;
}

/**
 * `module.forward(...args)` with these tensors, by their names, in the place of the module's own, which are there again
 * afterwards; several Maps count together. Where forward puts another tensor in a given one's place, the Map has it.
 */
export function functionalCall<M extends Module>(
  module: M,
  parametersAndBuffers: Tensors | readonly Tensors[],
  args: Parameters<M['forward']> | Parameters<M['forward']>[0],
  options: FunctionalCallOptions = {},
): ReturnType<M['forward']> {
  requireNames(functionalCall, options, { tieWeights: true, strict: true });
  const { tieWeights = true, strict = false } = options;
  const maps = parametersAndBuffers instanceof Map ? [parametersAndBuffers] : parametersAndBuffers;
  const given = new Map(maps.flatMap((map) => [...map]));
  const names = maps.reduce((sum, map) => sum + map.size, 0);
  if (names > given.size) {
    const keys = maps.flatMap((map) => [...map.keys()]);
    const repeated = keys.filter((key, i) => keys.indexOf(key) !== i);
    throw new ValueError(
      `${repeated.join(', ')} appeared in multiple dictionaries; behavior of functional call is ambiguous`,
    );
  }
  const tensors = tieWeights ? tied(module, given) : given;
  if (strict) requireKeys(module, tensors);
  const before = swapped(module, tensors);
  try {
    const inputs = (Array.isArray(args) ? args : [args]) as never[];
    return module.forward(...inputs) as ReturnType<M['forward']>;
  } finally {
    // Backwards: a module that is there under two names was given tensors twice.
    const left = swapped(module, new Map([...before].reverse()));
    for (const map of maps)
      for (const name of map.keys()) map.set(name, left.get(name) ?? (map.get(name) as Tensor));
  }
}
