import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  close,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import { TorchError } from '../errors.js';
import { FileWriter } from './file-writer.js';

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than allowed',
  ENOENT: 'the folder does not exist; create it first',
  EACCES: 'permission denied; the folder has to be writable too, for the file is written beside the old one',
  EROFS: 'the file system is read-only',
  EISDIR: 'there is a folder of that name',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links lead in a circle',
  EBUSY: 'something is mounted there; save beside it and copy',
};

// Of the name of a file, in characters: with what is around it, it stays a name in any encoding.
const LONGEST_PART = 50;

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
    else replaceFile(old ? realpathSync(path) : targetOf(path), old, write);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new TorchError(`cannot save ${path}: ${REASONS[code] ?? (error as Error).message} (${code})`, {
      cause: error,
    });
  }
}

// Where a symbolic link leads to at which nothing is yet.
function targetOf(path: string): string {
  let target = path;
  for (;;) {
    try {
      target = resolve(realpathSync(dirname(target)), readlinkSync(target));
    } catch {
      return target;
    }
  }
}

// Whose the old file was, as far as this process may say so, and who may read it.
function takeOver(path: string, { uid, gid, mode }: Stats): void {
  try {
    chownSync(path, uid, gid);
  } catch {
    // Then it belongs to whoever saves.
  }
  chmodSync(path, mode);
}

function replaceFile(path: string, old: Stats | undefined, write: (file: FileWriter) => void): void {
  // Renaming asks only whether the folder may be written.
  if (old) accessSync(path, constants.W_OK);
  const name = basename(path).slice(0, LONGEST_PART);
  const temporary = join(dirname(path), `.${name}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFile(temporary, 'wx', write);
    if (old) takeOver(temporary, old);
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
