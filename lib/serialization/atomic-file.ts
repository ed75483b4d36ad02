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
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { TorchError } from '../errors.js';
import { FileWriter } from './file-writer.js';

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
export function writeAtomically(path: string, write: (file: FileWriter) => void): void {
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

function replaceFile(path: string, old: Stats | undefined, write: (file: FileWriter) => void): void {
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

function writeFile(path: string, flags: 'w' | 'wx', write: (file: FileWriter) => void): void {
  const file = openSync(path, flags);
  try {
    const writer = new FileWriter(file);
    try {
      write(writer);
    } finally {
      writer.finish();
    }
    if (flags === 'wx') fsyncSync(file);
  } finally {
    closeSync(file);
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
