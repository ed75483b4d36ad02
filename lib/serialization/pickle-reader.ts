import { TorchFloat } from '../scalar.js';
import { BadPickleError } from './errors.js';
import { OP } from './opcodes.js';
import { ACTIONS } from './pickle-actions.js';
import { PickleCursor, PickleEnd } from './pickle-cursor.js';
import { type FindGlobal, findGlobal } from './pickle-globals.js';
import { type LoadPersistent, PickleMachine } from './pickle-machine.js';

const OP_NAMES = new Map<number, string>(Object.entries(OP).map(([name, code]) => [code, name]));

/**
 * Reads a pickle of protocol 2 to 5. A dict becomes a Map, a tuple a {@link Tuple}, a list an array, an int a number
 * or, beyond 2^53, a BigInt. It is a loop over a stack of its own, so depth costs nothing, and a name in the file
 * leads only to what `findGlobal` knows.
 */
export class PickleReader {
  readonly #cursor: PickleCursor;
  readonly #machine: PickleMachine;

  /** @param source the pickle, or a cursor at its beginning; it is left behind its end */
  constructor(
    source: Uint8Array | PickleCursor,
    loadPersistent: LoadPersistent,
    find: FindGlobal = findGlobal,
  ) {
    this.#cursor = source instanceof PickleCursor ? source : new PickleCursor(source);
    this.#machine = new PickleMachine(this.#cursor, loadPersistent, find);
  }

  /**
   * The one value of the pickle; what follows it is ignored, as in Python.
   *
   * @throws BadPickleError when the bytes are no pickle
   * @throws ForbiddenGlobalError when they name anything that is not on the list
   */
  read(): unknown {
    let start = 0;
    let op: number | undefined;
    try {
      do {
        op = undefined;
        start = this.#cursor.offset;
        op = this.#cursor.byte();
      } while (this.#step(op));
      return this.#finish(this.#machine.stack.pop());
    } catch (error) {
      if (!isBadValue(error)) throw error;
      const name = op === undefined ? 'the end' : (OP_NAMES.get(op) ?? `opcode ${op}`);
      throw Object.assign(new BadPickleError(error.message, start, name), { cause: error });
    }
  }

  // False at the end.
  #step(op: number): boolean {
    if (op === OP.STOP) return false;
    const action = ACTIONS[op];
    if (action === undefined) throw new TypeError('this opcode is not known');
    action(this.#machine);
    return true;
  }

  #finish(value: unknown): unknown {
    this.#machine.failures.check(value);
    return value instanceof TorchFloat ? value.value : value;
  }
}

// A TypeError is a value of the wrong kind in the file; the others are strings and integers that JavaScript cannot have.
function isBadValue(error: unknown): error is Error {
  return (
    error instanceof TypeError ||
    error instanceof PickleEnd ||
    error instanceof RangeError ||
    (error as NodeJS.ErrnoException).code === 'ERR_STRING_TOO_LONG'
  );
}
