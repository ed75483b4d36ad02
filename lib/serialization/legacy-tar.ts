// PyTorch up to 0.1.9: a tar archive of four members. `storages` and `tensors` are pickles with binary data between
// them; the value, in `pickle`, refers to tensors by number.

import { emptyStorage, sliceStorage } from '../storage.js';
import type { Tensor } from '../tensor.js';
import { Tuple } from '../tuple.js';
import { type ByteSource, readBytes } from './byte-source.js';
import { BadTensorError, CorruptArchiveError } from './errors.js';
import { locate, type MapLocation, unavailable } from './map-location.js';
import { PickleCursor } from './pickle-cursor.js';
import { PickleReader } from './pickle-reader.js';
import { rebuildTensor } from './rebuild-kinds.js';
import { Storage } from './storage.js';
import { fillFrom } from './storage-pieces.js';
import { StorageType } from './storage-types.js';
import { readTar, type TarMember } from './tar-reader.js';

/** Reads a whole archive. */
export function readLegacyTar(file: ByteSource, mapLocation: MapLocation | null): unknown {
  const members = readTar(file);
  const storages = readStorages(file, member(members, 'storages'), mapLocation);
  const tensors = readTensors(bytesOf(file, member(members, 'tensors')), storages);
  return new PickleReader(bytesOf(file, member(members, 'pickle')), (id) => {
    // A module with its source code stands as its class.
    if (id instanceof Tuple) return id[0];
    const tensor = tensors.get(Number(typeof id === 'string' ? id : Number.NaN));
    if (tensor === undefined) throw new BadTensorError('the file refers to a tensor that it does not have');
    return tensor;
  }).read();
}

function member(members: ReadonlyMap<string, TarMember>, name: string): TarMember {
  const found = members.get(name);
  if (found === undefined) throw new CorruptArchiveError(`the tar archive has no member ${name}`);
  return found;
}

function bytesOf(file: ByteSource, { offset, size }: TarMember): Buffer {
  return readBytes(file, offset, size);
}

function readStorages(
  file: ByteSource,
  part: TarMember,
  mapLocation: MapLocation | null,
): Map<unknown, Storage> {
  const cursor = new PickleCursor(bytesOf(file, part));
  const storages = new Map<unknown, Storage>();
  for (let left = count(cursor); left > 0; left -= 1) {
    const [key, location, type] = tuple(cursor);
    if (!(type instanceof StorageType) || typeof location !== 'string')
      throw new BadTensorError('a storage has no class or device');
    const size = Number(cursor.bytes(8).readBigInt64LE()) * (type.dtype?.itemsize ?? 1);
    if (!(size >= 0)) throw new BadTensorError('a storage has a negative size');
    const start = part.offset + cursor.offset;
    cursor.bytes(size);
    storages.set(
      key,
      new Storage(load(file, start, size, location, mapLocation), type.dtype, String(storages.size)),
    );
  }
  for (const view of list(cursor)) addView(storages, view);
  return storages;
}

function load(
  file: ByteSource,
  start: number,
  size: number,
  location: string,
  mapLocation: MapLocation | null,
): Tensor {
  const bytes = emptyStorage(size);
  fillFrom(bytes, file, start);
  const target = locate(mapLocation, location);
  if (target.type === 'cpu') return bytes;
  try {
    return bytes.to({ device: target });
  } catch (cause) {
    throw unavailable(`${target}`, cause);
  }
}

// (key, key of the whole, offset, elements)
function addView(storages: Map<unknown, Storage>, view: unknown): void {
  const [key, rootKey, offset, numel] = view instanceof Tuple ? view : [];
  const root = storages.get(rootKey);
  const itemsize = root?.dtype?.itemsize ?? 1;
  const isProper = [offset, numel].every((number) => Number.isSafeInteger(number) && (number as number) >= 0);
  const [begin, size] = [(offset as number) * itemsize, (numel as number) * itemsize];
  if (root === undefined || !isProper || begin + size > root.nbytes)
    throw new BadTensorError('a view reaches past its storage');
  storages.set(key, new Storage(sliceStorage(root.bytes, begin, size), root.dtype, root.key));
}

function readTensors(bytes: Buffer, storages: ReadonlyMap<unknown, Storage>): Map<unknown, Tensor> {
  const cursor = new PickleCursor(bytes);
  const tensors = new Map<unknown, Tensor>();
  for (let left = count(cursor); left > 0; left -= 1) {
    const [key, storageKey] = tuple(cursor);
    const rank = cursor.int32();
    // The rank was written as eight bytes.
    cursor.bytes(4);
    const [size, stride] = [integers(cursor, rank), integers(cursor, rank)];
    const [offset] = integers(cursor, 1);
    tensors.set(key, rebuildTensor(storages.get(storageKey), offset, size, stride));
  }
  return tensors;
}

function integers(cursor: PickleCursor, length: number): Tuple<number> {
  if (length < 0) throw new BadTensorError('a tensor has a negative rank');
  const bytes = cursor.bytes(8 * length);
  return Tuple.from(Array.from({ length }, (_, i) => Number(bytes.readBigInt64LE(8 * i))));
}

function next(cursor: PickleCursor): unknown {
  return new PickleReader(cursor, () => null).read();
}

function count(cursor: PickleCursor): number {
  const value = next(cursor);
  if (Number.isSafeInteger(value)) return value as number;
  throw new CorruptArchiveError('a member of the tar archive does not begin with a count');
}

function tuple(cursor: PickleCursor): Tuple {
  const value = next(cursor);
  if (value instanceof Tuple) return value;
  throw new CorruptArchiveError('a member of the tar archive is not as it should be');
}

function list(cursor: PickleCursor): unknown[] {
  const value = next(cursor);
  if (Array.isArray(value)) return value;
  throw new CorruptArchiveError('the views of the tar archive are not a list');
}
