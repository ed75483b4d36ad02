// Modes of the current thread (grad mode, inference mode). They belong to a synchronous stretch of code: a mode that
// stayed on across an await would be on for every other task too.

import { isPromise } from './memory.js';

const open: Mode[] = [];

/** A mode that is on until it is disposed; modes end in the reverse order of their beginning. */
export class Mode {
  #leave: (() => void) | undefined;

  constructor(enter: () => () => void) {
    this.#leave = enter();
    open.push(this);
  }

  /** Throws TypeError, and changes nothing, when a mode entered later is still on. */
  [Symbol.dispose](): void {
    if (this.#leave === undefined) return;
    if (open.at(-1) !== this) {
      throw new TypeError('a mode that was entered later is still on: modes end in the reverse order');
    }
    open.pop();
    this.#leave();
    this.#leave = undefined;
  }
}

/** Runs `body` in the mode, or enters the mode until the answer is disposed. */
export function inMode<T>(name: string, enter: () => () => void, body: (() => T) | undefined): T | Mode {
  if (body === undefined) return new Mode(enter);
  const depth = open.length;
  const mode = new Mode(enter);
  try {
    const result = body();
    if (isPromise(result)) {
      throw new TypeError(`${name}() got a promise: modes are synchronous; enter it again after each await`);
    }
    return result;
  } finally {
    // Modes that the body entered and left on, by an exception say, end with this one.
    while (open.length > depth + 1) open.at(-1)?.[Symbol.dispose]();
    mode[Symbol.dispose]();
  }
}
