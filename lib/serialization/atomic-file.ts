import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  close,
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { TorchError } from '../errors.js';
import { startWriteback } from '../storage.js';

/** Takes the next bytes of a file. */
export type Sink = (bytes: Uint8Array) => void;

// One write(2) moves at most 2 GiB.
const MOST_PER_WRITE = 1 << 30;

const GATHERED = 1 << 16;
const WRITEBACK = 1 << 22;

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than allowed',
  ENOENT: 'the folder does not exist; create it first',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'there is a folder of that name',
};

/**
 * Writes a file so that `path` is at every moment either the old file or the complete new one: into a temporary file
 * beside it, flushed to the disk, then renamed. What is not a regular file (a device, a pipe) is written directly.
 *
 * @throws TorchError naming the file and the reason; the old file is then still there and nothing else is left
 */
export function writeAtomically(path: string, write: (sink: Sink) => void): void {
  try {
    const old = statSync(path, { throwIfNoEntry: false });
    if (old && !old.isFile()) writeFile(path, 'w', write);
    else replaceFile(old ? realpathSync(path) : path, old, write);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new TorchError(`cannot save ${path}: ${REASONS[code] ?? (error as Error).message} (${code})`, {
      cause: error,
    });
  }
}

function replaceFile(path: string, old: Stats | undefined, write: (sink: Sink) => void): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFile(temporary, 'wx', write);
    if (old) chmodSync(temporary, old.mode);
    replace(path, temporary);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

// The blocks of a large old file are freed when it is closed, on another thread, not while we wait for the rename.
function replace(path: string, temporary: string): void {
  let old: number | null = null;
  try {
    old = openSync(path, 'r');
  } catch {
    // There is none, or it cannot be read: freeing it takes its time.
  }
  try {
    renameSync(temporary, path);
  } finally {
    if (old !== null) close(old, () => undefined);
  }
}

function writeFile(path: string, flags: 'w' | 'wx', write: (sink: Sink) => void): void {
  const file = openSync(path, flags);
  try {
    const gathered = new GatheredFile(file);
    write((bytes) => gathered.add(bytes));
    gathered.flush();
    if (flags === 'wx') fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

// Headers are small and many: they go to the file together with what is around them.
class GatheredFile {
  readonly #file: number;
  readonly #block = Buffer.allocUnsafe(GATHERED);
  #length = 0;
  #written = 0;
  /** Up to where the kernel writes already. */
  #started = 0;

  constructor(file: number) {
    this.#file = file;
  }

  add(bytes: Uint8Array): void {
    if (this.#length + bytes.byteLength > GATHERED) this.flush();
    if (bytes.byteLength > GATHERED) {
      this.#write(bytes);
    } else {
      this.#block.set(bytes, this.#length);
      this.#length += bytes.byteLength;
    }
  }

  flush(): void {
    this.#write(this.#block.subarray(0, this.#length));
    this.#length = 0;
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.byteLength; ) {
      done += writeSync(this.#file, bytes, done, Math.min(bytes.byteLength - done, MOST_PER_WRITE));
    }
    this.#written += bytes.byteLength;
    // The disk works while the next part is made; flushing at the end waits for little.
    if (this.#written - this.#started < WRITEBACK) return;
    startWriteback(this.#file, this.#started, this.#written - this.#started);
    this.#started = this.#written;
  }
}

// Makes the rename itself durable. Some file systems cannot sync a folder; the file is complete all the same.
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } catch {
  } finally {
    closeSync(folder);
  }
}
