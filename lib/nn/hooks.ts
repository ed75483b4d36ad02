// Forward hooks wrap the `forward` of one instance, so that a module without hooks pays nothing for them.

import type { RemovableHandle } from '../removable-handle.js';
import { isTensor } from '../tensor.js';

type PreHook = (inputs: unknown[]) => unknown;
type PostHook = (inputs: unknown[], output: unknown) => unknown;

interface Forwarding {
  forward(...inputs: never[]): unknown;
}

interface Hooks {
  readonly before: Set<{ call: PreHook }>;
  readonly after: Set<{ call: PostHook }>;
  restore(): void;
}

const hooked = new WeakMap<Forwarding, Hooks>();

/** What a hook sees may outlive the scope that the library runs the layer in. */
function keep(value: unknown): void {
  if (isTensor(value)) value.keep();
  else if (Array.isArray(value)) value.forEach(keep);
}

function wrap(module: Forwarding): Hooks {
  const own = Object.getOwnPropertyDescriptor(module, 'forward');
  const original = module.forward as (...inputs: unknown[]) => unknown;
  const hooks: Hooks = {
    before: new Set(),
    after: new Set(),
    restore: () => {
      if (own) Object.defineProperty(module, 'forward', own);
      else Reflect.deleteProperty(module, 'forward');
      hooked.delete(module);
    },
  };
  const forward = (...given: unknown[]): unknown => {
    let inputs = given;
    keep(inputs);
    for (const { call } of [...hooks.before]) {
      const replaced = call(inputs);
      if (replaced !== undefined && replaced !== null)
        inputs = Array.isArray(replaced) ? replaced : [replaced];
    }
    let output = original.apply(module, inputs);
    keep(output);
    for (const { call } of [...hooks.after]) output = call(inputs, output) ?? output;
    return output;
  };
  // Not enumerable: the fields of a module are its members.
  Object.defineProperty(module, 'forward', { value: forward, configurable: true, writable: true });
  hooked.set(module, hooks);
  return hooks;
}

function register<H>(module: Forwarding, list: (hooks: Hooks) => Set<{ call: H }>, call: H): RemovableHandle {
  const hooks = hooked.get(module) ?? wrap(module);
  const entry = { call };
  list(hooks).add(entry);
  const remove = (): void => {
    if (list(hooks).delete(entry) && hooks.before.size + hooks.after.size === 0) hooks.restore();
  };
  return { remove, [Symbol.dispose]: remove };
}

/** `hook` sees the inputs before `forward`; what it returns replaces them. */
export function addForwardPreHook(module: Forwarding, hook: PreHook): RemovableHandle {
  return register(module, (hooks) => hooks.before, hook);
}

/** `hook` sees inputs and output; what it returns replaces the output. */
export function addForwardHook(module: Forwarding, hook: PostHook): RemovableHandle {
  return register(module, (hooks) => hooks.after, hook);
}

/** True for a module that has a hook of its forward. */
export function isHooked(module: Forwarding): boolean {
  return hooked.has(module);
}
