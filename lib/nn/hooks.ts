// Hooks of forward wrap the `forward` of one instance, so that a module without hooks pays nothing for them.

import type { RemovableHandle } from '../removable-handle.js';
import { isTensor } from '../tensor.js';
import { BackwardHook, type BackwardPostHook, type BackwardPreHook } from './backward-hook.js';
import { HookList, type HookOptions } from './hook-list.js';

export type PreHook = (module: never, inputs: unknown[]) => unknown;
type PostHook = (module: never, inputs: unknown[], output: never) => unknown;
type FullBackwardPreHook = (
  module: never,
  ...args: Parameters<BackwardPreHook>
) => ReturnType<BackwardPreHook>;
type FullBackwardHook = (
  module: never,
  ...args: Parameters<BackwardPostHook>
) => ReturnType<BackwardPostHook>;

interface Forwarding {
  forward(...inputs: never[]): unknown;
}

/** What a module calls around its forward, with itself as the first argument. */
class Hooks {
  readonly before = new HookList<PreHook>();
  readonly after = new HookList<PostHook>();
  readonly backwardBefore = new HookList<FullBackwardPreHook>();
  readonly backwardAfter = new HookList<FullBackwardHook>();

  get size(): number {
    return this.before.size + this.after.size + this.backwardBefore.size + this.backwardAfter.size;
  }
}

interface Wrapped {
  readonly hooks: Hooks;
  restore(): void;
}

const wrapped = new WeakMap<Forwarding, Wrapped>();

/** What a hook sees may outlive the scope that the library runs the layer in. */
function keep(value: unknown): void {
  if (isTensor(value)) value.keep();
  else if (Array.isArray(value)) value.forEach(keep);
}

/** A BackwardHook where there are hooks for it, with the module put before their arguments. */
function backwardHook(module: Forwarding, { backwardBefore, backwardAfter }: Hooks): BackwardHook | null {
  if (backwardBefore.size + backwardAfter.size === 0) return null;
  return new BackwardHook(
    [...backwardBefore].map(
      (hook): BackwardPreHook =>
        (gradOutput) =>
          hook(module as never, gradOutput),
    ),
    [...backwardAfter].map(
      (hook): BackwardPostHook =>
        (gradInput, gradOutput) =>
          hook(module as never, gradInput, gradOutput),
    ),
  );
}

function run(
  module: Forwarding,
  hooks: Hooks,
  original: (...inputs: unknown[]) => unknown,
  given: unknown[],
): unknown {
  let inputs = given;
  keep(inputs);
  for (const hook of hooks.before) {
    const replaced = hook(module as never, inputs);
    if (replaced !== undefined && replaced !== null) inputs = Array.isArray(replaced) ? replaced : [replaced];
  }
  const backward = backwardHook(module, hooks);
  if (backward) inputs = backward.watchInputs(inputs);
  let output = original.apply(module, inputs);
  keep(output);
  for (const hook of hooks.after) output = hook(module as never, inputs, output as never) ?? output;
  return backward ? backward.watchOutput(output) : output;
}

function wrap(module: Forwarding): Wrapped {
  const own = Object.getOwnPropertyDescriptor(module, 'forward');
  const original = module.forward as (...inputs: unknown[]) => unknown;
  const hooks = new Hooks();
  const forward = (...inputs: unknown[]): unknown => run(module, hooks, original, inputs);
  // Not enumerable: the fields of a module are its members.
  Object.defineProperty(module, 'forward', { value: forward, configurable: true, writable: true });
  const restore = (): void => {
    if (own) Object.defineProperty(module, 'forward', own);
    else Reflect.deleteProperty(module, 'forward');
    wrapped.delete(module);
  };
  const made = { hooks, restore };
  wrapped.set(module, made);
  return made;
}

function register<H>(
  module: Forwarding,
  list: (hooks: Hooks) => HookList<H>,
  call: H,
  options: HookOptions,
): RemovableHandle {
  const { hooks, restore } = wrapped.get(module) ?? wrap(module);
  return list(hooks).add(call, options, () => {
    if (hooks.size === 0) restore();
  });
}

/** `hook` sees the inputs before `forward`; what it returns replaces them. */
export function addForwardPreHook(module: Forwarding, hook: PreHook, options: HookOptions): RemovableHandle {
  return register(module, ({ before }) => before, hook, options);
}

/** The hooks before a module's forward, in the order in which they are called. */
export function forwardPreHooks(module: Forwarding): PreHook[] {
  return [...(wrapped.get(module)?.hooks.before ?? [])];
}

export function removeForwardPreHook(module: Forwarding, hook: PreHook): void {
  wrapped.get(module)?.hooks.before.delete(hook);
}

/** `hook` sees inputs and output; what it returns replaces the output. */
export function addForwardHook(module: Forwarding, hook: PostHook, options: HookOptions): RemovableHandle {
  return register(module, ({ after }) => after, hook, options);
}

export function addFullBackwardPreHook(
  module: Forwarding,
  hook: FullBackwardPreHook,
  options: HookOptions,
): RemovableHandle {
  return register(module, ({ backwardBefore }) => backwardBefore, hook, options);
}

export function addFullBackwardHook(
  module: Forwarding,
  hook: FullBackwardHook,
  options: HookOptions,
): RemovableHandle {
  return register(module, ({ backwardAfter }) => backwardAfter, hook, options);
}

/** True for a module that has a hook of its forward. */
export function isHooked(module: Forwarding): boolean {
  return wrapped.has(module);
}

/** A copy of a module has the same hooks. */
export function copyHooks(from: Forwarding, to: Forwarding): void {
  const hooks = wrapped.get(from)?.hooks;
  if (!hooks) return;
  for (const hook of hooks.before) addForwardPreHook(to, hook, {});
  for (const hook of hooks.after) addForwardHook(to, hook, {});
  for (const hook of hooks.backwardBefore) addFullBackwardPreHook(to, hook, {});
  for (const hook of hooks.backwardAfter) addFullBackwardHook(to, hook, {});
}
