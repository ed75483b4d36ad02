// torch.jit, as far as archives go: Python compiles, this loads, runs and saves.

import '../tensor-python.js';

import type { ScriptModule } from './script-module.js';

export { load, type ScriptLoadOptions } from './load.js';
export { ScriptModule } from './script-module.js';

/** Writes a module to a file (torch.jit.save). */
export function save(module: ScriptModule, path: string): void {
  module.save(path);
}

/**
 * A copy whose parameters are constants of its code (torch.jit.freeze); needs `eval()` first.
 *
 * @param preservedAttrs methods and attributes to keep beside `forward`
 */
export function freeze(module: ScriptModule, preservedAttrs: readonly string[] = []): ScriptModule {
  return module.freeze(preservedAttrs);
}

/** A frozen copy, its layers joined and laid out for this machine (torch.jit.optimize_for_inference). */
export function optimizeForInference(module: ScriptModule): ScriptModule {
  return module.optimizeForInference();
}
