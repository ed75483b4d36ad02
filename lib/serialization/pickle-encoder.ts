import { ValueError } from '../errors.js';
import { ByteBuilder } from './byte-builder.js';
import { encodeLong } from './long.js';
import { OP } from './opcodes.js';
import type { OwnString } from './python-object.js';
import { encodeUtf8 } from './surrogate-pass.js';

/** The opcodes of protocol 2, each in the shortest form, as CPython's pickler chooses them. */
export class PickleEncoder {
  readonly #out = new ByteBuilder();
  readonly #memo = new Map<unknown, number>();

  constructor() {
    this.op(OP.PROTO);
    this.#out.byte(2);
  }

  finish(): Uint8Array {
    this.op(OP.STOP);
    return this.#out.finish();
  }

  op(code: number): void {
    this.#out.byte(code);
  }

  int(value: bigint): void {
    if (value >= 0n && value <= 0xffn) {
      this.op(OP.BININT1);
      this.#out.byte(Number(value));
    } else if (value >= 0n && value <= 0xffffn) {
      this.op(OP.BININT2);
      this.#out.uint(Number(value), 2);
    } else if (value === BigInt.asIntN(32, value)) {
      this.op(OP.BININT);
      this.#out.int32(Number(value));
    } else {
      this.#long(encodeLong(value));
    }
  }

  float(value: number): void {
    this.op(OP.BINFLOAT);
    this.#out.double(value);
  }

  /** Strings are remembered by value: Python's pickler does so by identity, and its equal strings mostly are one. */
  string(value: string | OwnString): void {
    if (this.recall(value)) return;
    const bytes = encodeUtf8(typeof value === 'string' ? value : value.text);
    this.op(OP.BINUNICODE);
    this.#out.uint(bytes.length, 4);
    this.#out.bytes(bytes);
    this.remember(value);
  }

  global(module: string, name: string): void {
    const key = `${module}\n${name}\n`;
    // No string of the pickle is taken for a global: the keys of globals are symbols.
    if (this.recall(Symbol.for(key))) return;
    this.op(OP.GLOBAL);
    this.#out.bytes(Buffer.from(key));
    this.remember(Symbol.for(key));
  }

  /** Writes a reference if the value was written before. */
  recall(value: unknown): boolean {
    const index = this.#memo.get(value);
    if (index === undefined) return false;
    this.#indexed(OP.BINGET, OP.LONG_BINGET, index);
    return true;
  }

  /** Numbers the value that was just written. */
  remember(value: unknown): void {
    this.#indexed(OP.BINPUT, OP.LONG_BINPUT, this.#memo.size);
    this.#memo.set(value, this.#memo.size);
  }

  #indexed(short: number, long: number, index: number): void {
    this.op(index < 256 ? short : long);
    if (index < 256) this.#out.byte(index);
    else this.#out.uint(index, 4);
  }

  // Longer ones need LONG4, which weights_only does not read.
  #long(bytes: Uint8Array): void {
    if (bytes.length > 255)
      throw new ValueError(`an integer of ${bytes.length} bytes cannot be saved: 255 is the most`);
    this.op(OP.LONG1);
    this.#out.byte(bytes.length);
    this.#out.bytes(bytes);
  }
}
