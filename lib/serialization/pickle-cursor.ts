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

  /** A `str` of Python 2; torch.load takes it for UTF-8. */
  byteString(count: number): string {
    return this.text(count);
  }

  byte(): number {
    return this.#bytes[this.skip(1)] as number;
  }

  uint(width: 2 | 4): number {
    return this.#bytes.readUIntLE(this.skip(width), width);
  }

  uint64(): number {
    return Number(this.#bytes.readBigUInt64LE(this.skip(8)));
  }

  int32(): number {
    return this.#bytes.readInt32LE(this.skip(4));
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.skip(8));
  }

  /** The next `count` bytes, not copied. */
  bytes(count: number): Buffer {
    const start = this.skip(count);
    return this.#bytes.subarray(start, start + count);
  }

  /** Answers with where the bytes that are skipped begin. */
  skip(count: number): number {
    const start = this.offset;
    const left = this.#bytes.length - start;
    if (count > left) {
      throw new PickleEnd(`it ends in the middle: ${count} more bytes are needed and ${left} are there`);
    }
    this.offset = start + count;
    return start;
  }

  /** @throws TypeError when it is not UTF-8 */
  text(count: number): string {
    const start = this.skip(count);
    const text = this.#bytes.toString('utf8', start, start + count);
    // This character stands for bytes that are not UTF-8, and for itself.
    return text.includes('\ufffd') ? strictly(this.#bytes.subarray(start, start + count)) : text;
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

function strictly(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw new TypeError('a string is not UTF-8');
  }
}
