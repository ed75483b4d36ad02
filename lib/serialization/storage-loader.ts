import { type DeviceLike, device } from '../device.js';
import { TorchError } from '../errors.js';
import { emptyStorage, type Mapping, mappedStorage } from '../storage.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { BadTensorError, UnsupportedCheckpointError } from './errors.js';
import { StorageType } from './pickle-globals.js';
import { LoadedStorage } from './rebuild.js';
import { fillStorage } from './storage-pieces.js';
import type { ZipReader } from './zip-reader.js';

/** Loads the storages that the pickle refers to, each once, straight into tensor memory. */
export class StorageLoader {
  readonly #zip: ZipReader;
  readonly #mapLocation: DeviceLike | null;
  readonly #mapping: Mapping | null;
  readonly #storages = new Map<string, LoadedStorage>();

  /**
   * @param mapLocation the device to load to; null: where each storage was saved from
   * @param mapping the mapped file; null: records are read
   */
  constructor(zip: ZipReader, mapLocation: DeviceLike | null, mapping: Mapping | null) {
    this.#mapping = mapping;
    refuseBigEndian(zip);
    this.#zip = zip;
    this.#mapLocation = mapLocation;
  }

  /**
   * The storage of a persistent id `('storage', class, key, location, numel)`.
   *
   * @throws BadTensorError when the record has another size, or the same storage is named with two dtypes
   */
  load(id: unknown): LoadedStorage {
    const [tag, type, key, location, numel] = id instanceof Tuple ? id : [];
    if (
      tag !== 'storage' ||
      !(type instanceof StorageType) ||
      typeof key !== 'string' ||
      typeof location !== 'string'
    ) {
      throw new BadTensorError('the file refers to something that is not a storage');
    }
    const known = this.#storages.get(key);
    if (known !== undefined) {
      if (known.dtype === type.dtype) return known;
      throw new BadTensorError(`storage data/${key} is used with two dtypes`);
    }
    const storage = this.#read(key, type, location, numel);
    this.#storages.set(key, storage);
    return storage;
  }

  /** Lets go of the storages; tensors over them keep them alive. */
  dispose(): void {
    for (const { bytes } of this.#storages.values()) bytes.dispose();
  }

  #read(key: string, type: StorageType, location: string, numel: unknown): LoadedStorage {
    const record = `data/${key}`;
    const size = this.#zip.sizeOf(record);
    const itemsize = type.dtype?.itemsize ?? 1;
    if (!Number.isSafeInteger(numel) || (numel as number) * itemsize !== size) {
      throw new BadTensorError(
        `storage ${record} should have ${numel} elements of ${itemsize} bytes; it has ${size} bytes`,
      );
    }
    const bytes = this.#mapped(record, size) ?? this.#copied(record, size);
    return new LoadedStorage(key, move(bytes, this.#mapLocation ?? location), type.dtype);
  }

  #mapped(record: string, size: number): Tensor | null {
    const offset = this.#mapping && this.#zip.offsetOf(record);
    return this.#mapping && offset !== null ? mappedStorage(this.#mapping, offset, size) : null;
  }

  #copied(record: string, size: number): Tensor {
    const bytes = emptyStorage(size);
    fillStorage(bytes, (block) => this.#zip.readPieces(record, block));
    return bytes;
  }
}

function refuseBigEndian(zip: ZipReader): void {
  const order = zip.has('byteorder') ? Buffer.from(zip.read('byteorder')).toString() : 'little';
  if (order === 'little') return;
  throw new UnsupportedCheckpointError(
    `the numbers are stored in byte order '${order}'; only 'little' can be read`,
  );
}

function move(bytes: Tensor, location: DeviceLike): Tensor {
  const target = device(location);
  if (target.type === 'cpu') return bytes;
  try {
    return bytes.to({ device: target });
  } catch (error) {
    throw new TorchError(
      `Attempting to deserialize object on device ${target}, which is not available here. ` +
        "Load it to another one: load(path, { mapLocation: 'cpu' })",
      { cause: error },
    );
  } finally {
    bytes.dispose();
  }
}
