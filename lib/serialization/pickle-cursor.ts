import { decodeUtf8 } from './surrogate-pass.js';

/** The bytes end in the middle of a pickle. */
export class PickleEnd extends Error {}

/** Reads a pickle from front to back; every length is checked before it is believed. */
export class PickleCursor {
  readonly #bytes: Buffer;
  /** Of the next byte. */
  offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offset = offset;
  }

  /** Of all bytes. */
  get size(): number {
    return this.#bytes.length;
  }

  byte(): number {
    return this.bytes(1)[0] as number;
  }

  uint(width: 2 | 4): number {
    return this.bytes(width).readUIntLE(0, width);
  }

  uint64(): number {
    return Number(this.bytes(8).readBigUInt64LE());
  }

  int32(): number {
    return this.bytes(4).readInt32LE();
  }

  double(): number {
    return this.bytes(8).readDoubleBE();
  }

  /** The next `count` bytes, not copied. */
  bytes(count: number): Buffer {
    const end = this.offset + count;
    const left = this.#bytes.length - this.offset;
    if (count > left)
      throw new PickleEnd(`it ends in the middle: ${count} more bytes are needed and ${left} are there`);
    const bytes = this.#bytes.subarray(this.offset, end);
    this.offset = end;
    return bytes;
  }

  /** @throws TypeError when it is not UTF-8 */
  text(count: number): string {
    const bytes = this.bytes(count);
    try {
      return decodeUtf8(bytes);
    } catch {
      throw new TypeError('a string is not UTF-8');
    }
  }

  /** Up to the next newline, which is skipped. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.offset);
    if (end < 0) throw new PickleEnd('a name does not end');
    const text = this.text(end - this.offset);
    this.offset += 1;
    return text;
  }
}
