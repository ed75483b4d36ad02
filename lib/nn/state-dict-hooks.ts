// Hooks of stateDict and loadStateDict.

import type { OrderedDict } from '../ordered-dict.js';
import type { Tensor } from '../tensor.js';
import { HookList } from './hook-list.js';
import type { IncompatibleKeys, StateDictLoad } from './load-state-dict.js';

type State = OrderedDict<string, Tensor>;

export type StateDictPreHook = (module: never, prefix: string, keepVars: boolean) => void;
/** Sees the dict with all that was written until now and may change it. */
export type StateDictHook = (
  module: never,
  state: State,
  prefix: string,
  metadata: Map<string, unknown>,
) => void;
/** Sees what one module is going to load, before its children; `load.state` may be changed. */
export type LoadStateDictPreHook = (module: never, load: StateDictLoad) => void;
/** Sees the keys that did not fit after a module and its children have loaded; it may change the lists. */
export type LoadStateDictPostHook = (module: never, keys: IncompatibleKeys) => void;

class StateDictHooks {
  readonly beforeState = new HookList<StateDictPreHook>();
  readonly afterState = new HookList<StateDictHook>();
  readonly beforeLoad = new HookList<LoadStateDictPreHook>();
  readonly afterLoad = new HookList<LoadStateDictPostHook>();
}

const hooked = new WeakMap<object, StateDictHooks>();

/** The hooks of a module that has any. */
export function stateDictHooks(module: object): StateDictHooks | undefined {
  return hooked.get(module);
}

/** The hooks of a module, made where there are none yet. */
export function ensureStateDictHooks(module: object): StateDictHooks {
  const found = hooked.get(module) ?? new StateDictHooks();
  hooked.set(module, found);
  return found;
}

/** A copy of a module has the same hooks. */
export function copyStateDictHooks(from: object, to: object): void {
  const hooks = hooked.get(from);
  if (!hooks) return;
  const copies = ensureStateDictHooks(to);
  for (const hook of hooks.beforeState) copies.beforeState.add(hook);
  for (const hook of hooks.afterState) copies.afterState.add(hook);
  for (const hook of hooks.beforeLoad) copies.beforeLoad.add(hook);
  for (const hook of hooks.afterLoad) copies.afterLoad.add(hook);
}
