// PyTorch 0.1.10 to 1.5, and `_use_new_zipfile_serialization=False` since: pickles one after the other (a magic
// number, the protocol, facts about the machine, the value, the keys of its storages), then the storages, each with the
// number of its elements in front. Data are little-endian on every machine.

import { emptyStorage } from '../storage.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { type ByteSource, readBytes } from './byte-source.js';
import {
  BadPickleError,
  BadTensorError,
  CheckpointError,
  CorruptArchiveError,
  NotACheckpointError,
  TruncatedCheckpointError,
  UnsupportedCheckpointError,
} from './errors.js';
import { LONGEST_PICKLE } from './limits.js';
import { PickleCursor, PickleEnd } from './pickle-cursor.js';
import { findStorageType } from './pickle-globals.js';
import { PickleReader } from './pickle-reader.js';
import type { StorageSource } from './storage-loader.js';
import { fillFrom } from './storage-pieces.js';
import { StorageType } from './storage-types.js';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const LONGEST_MAGIC = 64;
const PROTOCOL = 1001;
const FIRST_WINDOW = 1 << 20;
const COUNT_BYTES = 8;

interface Part {
  /** Of the first byte of the data. */
  readonly offset: number;
  readonly size: number;
}

/** What a stream begins with, before any storage is read. */
export interface LegacyStream {
  readonly pickle: Buffer;
  readonly storages: StorageSource;
}

/**
 * Looks a stream over: where its value is, and where each storage that the value names lies. Data come after the value
 * that they belong to, so the value is read twice: here for its storages, later for good.
 *
 * @throws NotACheckpointError when it is another pickle
 */
export function openLegacyStream(file: ByteSource): LegacyStream {
  for (let window = FIRST_WINDOW; ; window *= 4) {
    const bytes = readBytes(file, 0, Math.min(window, file.size));
    try {
      return readHead(file, bytes);
    } catch (error) {
      if (!isEnd(error)) throw error;
      if (window >= file.size) {
        throw new TruncatedCheckpointError(
          `the file ends after ${file.size} bytes, in the middle of a pickle`,
        );
      }
      if (window > LONGEST_PICKLE) throw error;
    }
  }
}

function isEnd(error: unknown): boolean {
  return error instanceof BadPickleError && error.cause instanceof PickleEnd;
}

function readHead(file: ByteSource, bytes: Buffer): LegacyStream {
  const cursor = new PickleCursor(bytes, skipMagic(bytes));
  const types = new Map<string, StorageType>();
  const next = () => new PickleReader(cursor, (id) => note(id, types), findStorageType).read();
  const protocol = next();
  if (protocol !== PROTOCOL) {
    throw new UnsupportedCheckpointError(
      `Invalid protocol version: ${Number(protocol)}; only ${PROTOCOL} exists`,
    );
  }
  next();
  const start = cursor.offset;
  next();
  const pickle = bytes.subarray(start, cursor.offset);
  const keys = next();
  return { pickle, storages: new LegacyStorages(file, placesOf(file, cursor.offset, keys, types)) };
}

function skipMagic(bytes: Buffer): number {
  const cursor = new PickleCursor(bytes.subarray(0, LONGEST_MAGIC));
  try {
    if (new PickleReader(cursor, () => null, findStorageType).read() === MAGIC) return cursor.offset;
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
  }
  throw new NotACheckpointError(
    'Invalid magic number: it is a bare pickle, not what torch.save writes. If it is the data.pkl of an unpacked ' +
      'checkpoint, load the archive that it came from; if pickle.dump wrote it, load it in Python and torch.save it',
  );
}

// In this pass a persistent id only tells of what kind a storage is; a class comes with its source code.
function note(id: unknown, types: Map<string, StorageType>): unknown {
  const [tag, type, key] = id instanceof Tuple ? id : [];
  if (tag === 'module') return type;
  if (tag === 'storage' && type instanceof StorageType && typeof key === 'string') types.set(key, type);
  return null;
}

function placesOf(
  file: ByteSource,
  start: number,
  keys: unknown,
  types: ReadonlyMap<string, StorageType>,
): Map<string, Part> {
  if (!Array.isArray(keys)) throw new CorruptArchiveError('the keys of its storages are not a list');
  const parts = new Map<string, Part>();
  let at = start;
  for (const key of keys as unknown[]) {
    const type = typeof key === 'string' ? types.get(key) : undefined;
    if (type === undefined || parts.has(key as string)) {
      throw new CorruptArchiveError(`storage key ${keyText(key)} belongs to no tensor, or is there twice`);
    }
    if (at + COUNT_BYTES > file.size) throw truncated(file, at + COUNT_BYTES);
    const count = readBytes(file, at, COUNT_BYTES).readBigInt64LE();
    const size = count * BigInt(type.dtype?.itemsize ?? 1);
    const offset = at + COUNT_BYTES;
    if (count < 0n) throw new CorruptArchiveError(`storage ${keyText(key)} has ${count} elements`);
    if (size > BigInt(file.size - offset)) throw truncated(file, BigInt(offset) + size);
    parts.set(key as string, { offset, size: Number(size) });
    at = offset + Number(size);
  }
  return parts;
}

function truncated(file: ByteSource, needed: number | bigint): TruncatedCheckpointError {
  return new TruncatedCheckpointError(
    `unexpected EOF: its storages reach to byte ${needed}, and the file has ${file.size} bytes`,
  );
}

function keyText(key: unknown): string {
  return typeof key === 'string' ? `'${key}'` : typeof key;
}

class LegacyStorages implements StorageSource {
  readonly isNative = true;
  readonly #file: ByteSource;
  readonly #parts: ReadonlyMap<string, Part>;

  constructor(file: ByteSource, parts: ReadonlyMap<string, Part>) {
    this.#file = file;
    this.#parts = parts;
  }

  nameOf(key: string): string {
    return key;
  }

  sizeOf(key: string): number {
    return this.#part(key).size;
  }

  read(key: string): Tensor {
    const { offset, size } = this.#part(key);
    const bytes = emptyStorage(size);
    fillFrom(bytes, this.#file, offset);
    return bytes;
  }

  #part(key: string): Part {
    const part = this.#parts.get(key);
    if (part !== undefined) return part;
    throw new BadTensorError(`storage ${key} is not in the list of the file's storages`);
  }
}
