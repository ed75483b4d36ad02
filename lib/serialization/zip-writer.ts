import type { Sink } from './atomic-file.js';
import { serializationId } from './serialization-id.js';
import { crcOf } from './zip-format.js';
import { descriptor, directoryHeader, endRecords, localHeader, type WrittenEntry } from './zip-headers.js';

/**
 * Writes the container of torch.save, byte for byte as libtorch's PyTorchStreamWriter does; `.format_version` lets
 * readers compute where a record lies instead of looking, so the layout has to be the same.
 */
export class ZipWriter {
  readonly #sink: Sink;
  readonly #root: string;
  readonly #entries: WrittenEntry[] = [];
  #offset = 0;

  /** @param root the folder that all records lie in */
  constructor(sink: Sink, root: string) {
    this.#sink = sink;
    this.#root = root;
  }

  /** Adds one small record. A name comes at most once. */
  writeRecord(name: string, contents: Uint8Array | string): void {
    const bytes = Buffer.from(contents);
    this.writePieces(name, bytes.byteLength, [bytes]);
  }

  /** Adds a record of `size` bytes, stored as they are. */
  writePieces(name: string, size: number, pieces: Iterable<Uint8Array>): void {
    const entry: WrittenEntry = {
      name: Buffer.from(`${this.#root}/${name}`),
      size,
      crc: 0,
      offset: this.#offset,
    };
    this.#write(localHeader(entry));
    for (const piece of pieces) {
      entry.crc = crcOf(piece, entry.crc);
      this.#write(piece);
    }
    this.#write(descriptor(entry));
    this.#entries.push(entry);
  }

  /** Adds the version and the fingerprint, then the directory. Nothing can be added afterwards. */
  finish(): void {
    this.writeRecord('version', '3\n');
    this.writeRecord('.data/serialization_id', serializationId(this.#entries));
    const start = this.#offset;
    for (const entry of this.#entries) this.#write(directoryHeader(entry));
    this.#write(endRecords(this.#entries.length, start, this.#offset - start));
  }

  #write(bytes: Uint8Array): void {
    this.#sink(bytes);
    this.#offset += bytes.byteLength;
  }
}
