import type { ByteSource } from '../byte-source.js';
import { TruncatedCheckpointError } from '../errors.js';

/** Reads a source from its start to its end. */
export class SequentialReader {
  readonly #source: Pick<ByteSource, 'size' | 'readInto'>;
  #at = 0;

  constructor(source: Pick<ByteSource, 'size' | 'readInto'>) {
    this.#source = source;
  }

  get remaining(): number {
    return this.#source.size - this.#at;
  }

  /** Fills `target` with what comes next. Throws TruncatedCheckpointError when there is less. */
  fill(target: Uint8Array): void {
    if (target.byteLength > this.remaining) {
      throw new TruncatedCheckpointError(
        `it ends ${target.byteLength - this.remaining} bytes early; get the file again`,
      );
    }
    this.#source.readInto(target, this.#at);
    this.#at += target.byteLength;
  }

  take(count: number): Buffer {
    const bytes = Buffer.alloc(Math.min(count, this.remaining + 1));
    this.fill(bytes);
    return bytes;
  }
}
