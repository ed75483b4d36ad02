import { BadPickleError } from './errors.js';
import { decodeUtf8 } from './surrogate-pass.js';

/** Reads a pickle from front to back; every length is checked before it is believed. */
export class PickleCursor {
  readonly #bytes: Buffer;
  /** Of the next byte. */
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    if (end > this.#bytes.length) {
      throw new BadPickleError(`it ends in the middle: ${count} more bytes were announced`, this.offset);
    }
    const bytes = this.#bytes.subarray(this.offset, end);
    this.offset = end;
    return bytes;
  }

  text(count: number): string {
    const start = this.offset;
    try {
      return decodeUtf8(this.bytes(count));
    } catch (error) {
      if (error instanceof BadPickleError) throw error;
      throw new BadPickleError('a string is not UTF-8', start);
    }
  }

  /** Up to the next newline, which is skipped. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.offset);
    if (end < 0) throw new BadPickleError('a name does not end', this.offset);
    const text = this.text(end - this.offset);
    this.offset += 1;
    return text;
  }
}
