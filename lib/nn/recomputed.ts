// What computes a field of a module anew before each forward, as PyTorch's callable objects among the forward-pre hooks.

import { ValueError } from '../errors.js';
import type { Tensor } from '../tensor.js';
import { addForwardPreHook, forwardPreHooks, type PreHook, removeForwardPreHook } from './hooks.js';
import type { Module } from './module.js';
import { nameInFiles } from './module-tree.js';
import { isParameter, type Parameter } from './parameter.js';

const byHook = new WeakMap<PreHook, Recomputed>();

/** A computed field: found again among the hooks of its module, and of the module's copies. */
export abstract class Recomputed {
  private readonly call: PreHook = (module: Module) => {
    setComputed(module, this.name, this.recompute(module));
  };

  constructor() {
    byHook.set(this.call, this);
  }

  /** The field that is computed. */
  abstract get name(): string;

  protected abstract recompute(module: Module): Tensor;

  protected attach(module: Module): void {
    addForwardPreHook(module, this.call, {});
  }

  protected detach(module: Module): void {
    removeForwardPreHook(module, this.call);
  }
}

export function recomputedOf(module: Module): Recomputed[] {
  return forwardPreHooks(module).flatMap((hook) => byHook.get(hook) ?? []);
}

/** The object of this class that computes the field, if one does. */
export function recomputedAt<R extends Recomputed>(
  module: Module,
  kind: abstract new (...args: never[]) => R,
  name: string,
): R | undefined {
  return recomputedOf(module).find((found): found is R => found instanceof kind && found.name === name);
}

/** The same; throws ValueError, which says `what` is missing, where there is none. */
export function requireRecomputed<R extends Recomputed>(
  module: Module,
  kind: abstract new (...args: never[]) => R,
  name: string,
  what: string,
): R {
  const found = recomputedAt(module, kind, name);
  if (found) return found;
  throw new ValueError(`${what} of '${name}' not found in ${module}`);
}

/** A tensor that is no member: neither parameter nor buffer. */
export function setComputed(module: Module, name: string, tensor: Tensor): void {
  Reflect.set(module, name, tensor.keep());
}

/** The field beside `name` that PyTorch calls `weight_orig`, `weight_g`, ... */
export function beside(name: string, suffix: string): string {
  return `${nameInFiles(name)}_${suffix}`;
}

export function fieldOf(module: Module, name: string): Tensor {
  return Reflect.get(module, name) as Tensor;
}

/** Throws ValueError where the module has no such parameter. */
export function parameterOf(module: Module, name: string): Parameter {
  const found: unknown = Reflect.get(module, name);
  if (isParameter(found)) return found;
  throw new ValueError(`'${module.constructor.name}' object has no parameter '${name}'`);
}
