import { crc32 } from '../crc32.js';
import type { Tensor } from '../tensor.js';
import type { FileWriter } from './file-writer.js';
import { serializationId } from './serialization-id.js';
import { descriptor, directoryHeader, endRecords, localHeader, type WrittenEntry } from './zip-headers.js';

/**
 * Writes the container of torch.save, byte for byte as libtorch's PyTorchStreamWriter does; `.format_version` lets
 * readers compute where a record lies instead of looking, so the layout has to be the same.
 */
export class ZipWriter {
  readonly #file: FileWriter;
  readonly #root: string;
  readonly #entries: WrittenEntry[] = [];
  #offset = 0;

  /** @param root the folder that all records lie in */
  constructor(file: FileWriter, root: string) {
    this.#file = file;
    this.#root = root;
  }

  /** Adds one small record. A name comes at most once. */
  writeRecord(name: string, contents: Uint8Array | string): void {
    const bytes = Buffer.from(contents);
    this.#record(name, bytes.byteLength, () => {
      this.#file.write(bytes);
      return crc32(bytes);
    });
  }

  /** Adds the first `nbytes` of the storage under a tensor as a record. */
  writeStorage(name: string, tensor: Tensor, nbytes: number): void {
    this.#record(name, nbytes, () => this.#file.writeStorage(tensor, 0, nbytes));
  }

  /** Adds the version and the fingerprint, then the directory. Nothing can be added afterwards. */
  finish(): void {
    this.writeRecord('version', '3\n');
    this.writeRecord('.data/serialization_id', serializationId(this.#entries));
    const start = this.#offset;
    for (const entry of this.#entries) this.#write(directoryHeader(entry));
    this.#write(endRecords(this.#entries.length, start, this.#offset - start));
  }

  // The contents are stored as they are; their checksum follows them.
  #record(name: string, size: number, writeContents: () => number): void {
    const entry = { name: Buffer.from(`${this.#root}/${name}`), size, crc: 0, offset: this.#offset };
    this.#write(localHeader(entry));
    entry.crc = writeContents();
    this.#offset += size;
    this.#write(descriptor(entry));
    this.#entries.push(entry);
  }

  #write(bytes: Uint8Array): void {
    this.#file.write(bytes);
    this.#offset += bytes.byteLength;
  }
}
