import type { Device } from '../device.js';
import { uint8 } from '../dtype.js';
import { aten } from '../operators/ops.js';
import { typeText } from '../python-text.js';
import { sliceStorage } from '../storage.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { BadTensorError } from './errors.js';
import { locate, type MapLocation, unavailable } from './map-location.js';
import { Storage } from './storage.js';
import { StorageType } from './storage-types.js';
import { UnknownGlobal } from './unknown.js';

/** Where the bytes of storages come from: the records of an archive, or the end of a stream. */
export interface StorageSource {
  /** False where the bytes of elements have to be turned around. */
  readonly isNative: boolean;
  /** What a storage is called in messages. */
  nameOf(key: string): string;
  /** @throws CheckpointError when there is no such storage */
  sizeOf(key: string): number;
  /** A uint8 tensor over all of it, on the CPU. */
  read(key: string): Tensor;
}

/** Loads the storages that the pickle refers to, each once, straight into tensor memory. */
export class StorageLoader {
  readonly #source: StorageSource;
  readonly #mapLocation: MapLocation | null;
  readonly #storages = new Map<string, Storage>();
  readonly #devices = new Map<string, Device>();

  /** @param mapLocation where to load to; null: where each storage was saved from */
  constructor(source: StorageSource, mapLocation: MapLocation | null) {
    this.#source = source;
    this.#mapLocation = mapLocation;
  }

  /**
   * The storage of a persistent id `('storage', class, key, location, numel[, view])`; the view, (key, offset, numel),
   * is a part of that storage.
   *
   * @throws BadTensorError when the record has another size, or the same storage is named with two dtypes
   */
  load(id: unknown): Storage | UnknownGlobal {
    const [tag, type, key, location, numel, view = null] = id instanceof Tuple ? id : [];
    // A class of old files, with its source code.
    if (tag === 'module' && type instanceof UnknownGlobal) return type;
    if (
      tag !== 'storage' ||
      !(type instanceof StorageType) ||
      typeof key !== 'string' ||
      typeof location !== 'string'
    ) {
      throw new BadTensorError('the file refers to something that is not a storage');
    }
    const storage = this.#once(key, type, () => this.#read(key, type, location, numel));
    return view === null ? storage : this.#view(storage, type, view);
  }

  /** Leaves the storages that are part of the value themselves, and not only tensors over them, to the garbage collector. */
  keepMentioned(): void {
    for (const [key, storage] of this.#storages) if (storage.keep()) this.#storages.delete(key);
  }

  /** Lets go of the other storages; tensors over them keep their memory. */
  dispose(): void {
    for (const { bytes } of this.#storages.values()) bytes.dispose();
  }

  #once(key: string, type: StorageType, make: () => Storage): Storage {
    const known = this.#storages.get(key);
    // Bytes without a dtype count as uint8, as in Python.
    if (known !== undefined && (known.dtype ?? uint8) !== (type.dtype ?? uint8)) {
      throw new BadTensorError(`storage ${known.key} is used with two dtypes`);
    }
    const storage = known ?? make();
    this.#storages.set(key, storage);
    storage.mention();
    return storage;
  }

  #read(key: string, type: StorageType, location: string, numel: unknown): Storage {
    const name = this.#source.nameOf(key);
    const size = this.#source.sizeOf(key);
    const itemsize = type.dtype?.itemsize ?? 1;
    if (!Number.isSafeInteger(numel) || (numel as number) * itemsize !== size) {
      const count = typeof numel === 'number' || typeof numel === 'bigint' ? numel : typeText(numel);
      throw new BadTensorError(
        `storage ${name} should have ${count} elements of ${itemsize} bytes; it has ${size} bytes`,
      );
    }
    const device = this.#deviceFor(location);
    if (device.type === 'meta') {
      return new Storage(aten.empty([size], { dtype: uint8, device }), type.dtype, name);
    }
    const bytes = this.#source.read(key);
    const storage = this.#source.isNative
      ? new Storage(bytes, type.dtype, name)
      : Storage.foreign(bytes, type.dtype, name);
    return device.type === 'cpu' ? storage : storage.moved((from) => move(from, device));
  }

  // Most files name one location, once per storage.
  #deviceFor(location: string): Device {
    const known = this.#devices.get(location) ?? locate(this.#mapLocation, location);
    this.#devices.set(location, known);
    return known;
  }

  #view(root: Storage, type: StorageType, view: unknown): Storage {
    const [key, offset, numel] = view instanceof Tuple ? view : [];
    const itemsize = type.dtype?.itemsize ?? 1;
    const isProper = [offset, numel].every((count) => Number.isSafeInteger(count) && (count as number) >= 0);
    const [begin, size] = [(offset as number) * itemsize, (numel as number) * itemsize];
    if (typeof key !== 'string' || !isProper || begin + size > root.nbytes) {
      throw new BadTensorError(`a view of storage ${root.key} reaches past its ${root.nbytes} bytes`);
    }
    return this.#once(
      `${key} in a view`,
      type,
      () => new Storage(sliceStorage(root.bytes, begin, size), type.dtype, root.key),
    );
  }
}

function move(bytes: Tensor, target: Device): Tensor {
  try {
    return bytes.to({ device: target });
  } catch (cause) {
    throw unavailable(`${target}`, cause);
  } finally {
    bytes.dispose();
  }
}
