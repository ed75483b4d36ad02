// Layers that learn the size of their input at the first forward (PyTorch's LazyModuleMixin).

import { noGrad } from '../autograd/index.js';
import { TorchError } from '../errors.js';
import type { Tensor } from '../tensor.js';
import type { StateDictLoad } from './load-state-dict.js';
import type { Module } from './module.js';
import { isUninitialized } from './uninitialized.js';

/** How a lazy class differs from the one that it becomes. */
export interface Laziness<M extends Module> {
  /** The field that is 0 until the size is known: the parameters are drawn when it is not. */
  size: keyof M & string;
  /** Sets that field and gives the parameters their shapes. */
  infer(module: M, input: Tensor): void;
}

interface Class<M> {
  readonly name: string;
  readonly prototype: M;
}

/** What the library's own classes have beside Module's public face. */
interface Drawn {
  forward(...inputs: unknown[]): unknown;
  resetParameters(): void;
  loadFromStateDict(load: StateDictLoad): void;
}

/** True until the first forward, or until a state dict was loaded. */
export function hasUninitializedParams(module: Module): boolean {
  const own = [...module.namedParameters({ recurse: false }), ...module.namedBuffers({ recurse: false })];
  return own.some(([, tensor]) => isUninitialized(tensor));
}

/** Lets `lazy` infer its parameters at the first forward and turn into `become` then. */
export function makeLazy<M extends Module>(lazy: Class<M>, become: Class<M>, laziness: Laziness<M>): void {
  const base = become.prototype as unknown as Drawn;

  function resetParameters(this: M): void {
    if (!hasUninitializedParams(this) && (this[laziness.size] as unknown) !== 0)
      base.resetParameters.call(this);
  }

  function forward(this: M, ...inputs: unknown[]): unknown {
    if (hasUninitializedParams(this)) {
      noGrad(() => {
        laziness.infer(this, inputs[0] as Tensor);
        (this as unknown as Drawn).resetParameters();
      });
      if (hasUninitializedParams(this)) {
        throw new TorchError(`module ${lazy.name} has not been fully initialized`);
      }
    } else if ((this[laziness.size] as unknown) === 0) {
      laziness.infer(this, inputs[0] as Tensor);
    }
    Object.setPrototypeOf(this, become.prototype);
    return base.forward.apply(this, inputs);
  }

  function loadFromStateDict(this: M, load: StateDictLoad): void {
    const own = [...this.namedParameters({ recurse: false }), ...this.namedBuffers({ recurse: false })];
    for (const [name, tensor] of own) {
      const given = load.state.get(load.prefix + name);
      if (given && isUninitialized(tensor) && !isUninitialized(given)) tensor.materialize(given.shape);
    }
    base.loadFromStateDict.call(this, load);
  }

  for (const value of [resetParameters, forward, loadFromStateDict]) {
    Object.defineProperty(lazy.prototype, value.name, { value, configurable: true, writable: true });
  }
}

/** Puts an uninitialised tensor, or another value, into a field that users only read. */
export function setField<M extends Module>(module: M, field: keyof M & string, value: unknown): void {
  Reflect.set(module, field, value);
}
