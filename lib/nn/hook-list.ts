import type { Names } from '../options.js';
import type { RemovableHandle } from '../removable-handle.js';

export interface HookOptions {
  /** Before the hooks that are there already. */
  prepend?: boolean;
}

export const hookNames: Names<HookOptions> = { prepend: true };

/** Hooks in the order in which they are called. */
export class HookList<H> {
  #entries: { readonly call: H; readonly removed: () => void }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  /** `removed` is called when the hook is taken out, once. */
  add(
    call: H,
    { prepend = false }: HookOptions = {},
    removed: () => void = () => undefined,
  ): RemovableHandle {
    const entry = { call, removed };
    this.#entries = prepend ? [entry, ...this.#entries] : [...this.#entries, entry];
    const remove = (): void => {
      if (!this.#entries.includes(entry)) return;
      this.#entries = this.#entries.filter((other) => other !== entry);
      removed();
    };
    return { remove, [Symbol.dispose]: remove };
  }

  /** Takes the hook out by what it calls, for what has no handle: a copy of a module has none. */
  delete(call: H): void {
    const found = this.#entries.filter((entry) => entry.call === call);
    this.#entries = this.#entries.filter((entry) => entry.call !== call);
    for (const { removed } of found) removed();
  }

  /** The hooks as they are now: one that is added or removed meanwhile counts the next time. */
  [Symbol.iterator](): Iterator<H> {
    return this.#entries.map(({ call }) => call)[Symbol.iterator]();
  }
}
