import type { RemovableHandle } from '../removable-handle.js';

/** Functions that are called in the order of their registration (torch.utils.hooks). */
export class Hooks<F> {
  #hooks: { call: F }[] = [];

  /** `prepend`: before those that are there already. */
  add(call: F, { prepend = false }: { prepend?: boolean } = {}): RemovableHandle {
    const entry = { call };
    this.#hooks = prepend ? [entry, ...this.#hooks] : [...this.#hooks, entry];
    const remove = (): void => {
      this.#hooks = this.#hooks.filter((other) => other !== entry);
    };
    return { remove, [Symbol.dispose]: remove };
  }

  *[Symbol.iterator](): Iterator<F> {
    for (const { call } of this.#hooks) yield call;
  }
}
