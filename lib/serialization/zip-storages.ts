import { emptyStorage, type Mapping, mappedStorage } from '../storage.js';
import type { Tensor } from '../tensor.js';
import { UnsupportedCheckpointError } from './errors.js';
import type { StorageSource } from './storage-loader.js';
import { fillStorage } from './storage-pieces.js';
import type { ZipReader } from './zip-reader.js';

/** The storages of an archive: `data/0` and so on, over the mapped file where that is possible. */
export class ZipStorages implements StorageSource {
  readonly isNative: boolean;
  readonly #zip: ZipReader;
  readonly #mapping: Mapping | null;

  /** @param mapping the mapped file; null: records are read */
  constructor(zip: ZipReader, mapping: Mapping | null) {
    this.#zip = zip;
    this.isNative = isLittleEndian(zip);
    // What has to be turned around has to be written, every page of it.
    this.#mapping = this.isNative ? mapping : null;
  }

  nameOf(key: string): string {
    return `data/${key}`;
  }

  sizeOf(key: string): number {
    return this.#zip.sizeOf(this.nameOf(key));
  }

  read(key: string): Tensor {
    return this.#mapped(key) ?? this.#copied(key);
  }

  #mapped(key: string): Tensor | null {
    if (this.#mapping === null) return null;
    const offset = this.#zip.offsetOf(this.nameOf(key));
    return offset === null ? null : mappedStorage(this.#mapping, offset, this.sizeOf(key));
  }

  #copied(key: string): Tensor {
    const bytes = emptyStorage(this.sizeOf(key));
    fillStorage(bytes, (block) => this.#zip.readPieces(this.nameOf(key), block));
    return bytes;
  }
}

// Machines that run this are little-endian; files before PyTorch 2.1 do not say.
function isLittleEndian(zip: ZipReader): boolean {
  const order = zip.has('byteorder') ? Buffer.from(zip.read('byteorder')).toString() : 'little';
  if (order === 'little' || order === 'big') return order === 'little';
  throw new UnsupportedCheckpointError(`Unknown endianness type: ${order}`);
}
