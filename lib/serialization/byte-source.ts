import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

import { TorchError } from '../errors.js';
import { type Mapping, mapFile } from '../storage.js';

/** Bytes that can be read at any place: an open file, or an array in memory. */
export interface ByteSource {
  readonly size: number;
  /** Fills `target` with the bytes from `offset` on. */
  readInto(target: Uint8Array, offset: number): void;
  /** Maps the file into memory; null where that is not possible. */
  map(): Mapping | null;
  close(): void;
}

// One read(2) moves at most 2 GiB.
const MOST_PER_READ = 1 << 30;

/** The file stays open, so that one that is replaced meanwhile is not mixed with its successor. */
export function openFile(path: string): ByteSource {
  const file = openOrFail(path);
  return {
    size: fstatSync(file).size,
    readInto(target, offset) {
      for (let done = 0; done < target.byteLength; ) {
        const count = Math.min(target.byteLength - done, MOST_PER_READ);
        const read = readSync(file, target, done, count, offset + done);
        if (read === 0) throw new TorchError('it became shorter while it was read');
        done += read;
      }
    },
    map: () => mapFile(file),
    close: () => closeSync(file),
  };
}

export function overBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    readInto: (target, offset) => target.set(bytes.subarray(offset, offset + target.byteLength)),
    map: () => null,
    close: () => undefined,
  };
}

/** A copy of `size` bytes from `offset` on. */
export function readBytes(source: ByteSource, offset: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  source.readInto(bytes, offset);
  return bytes;
}

function openOrFail(path: string): number {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
  } catch (error) {
    throw new TorchError(`cannot load ${path}: ${(error as Error).message}`, { cause: error });
  }
  throw new TorchError(`cannot load ${path}: it is not a file`);
}
