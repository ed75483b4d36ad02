// @ts-check
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { explainWriteError, InstallError } from './install-error.mjs';
import { inspectLibtorch } from './libtorch-folder.mjs';
import { withLock } from './lock.mjs';

const marker = 'finished.json';
const otherPlace = 'set XDG_CACHE_HOME to a folder on another disk, or LIBTORCH to a libtorch you have';

/** @param {import('./host.mjs').Host} host @param {import('./wanted.mjs').Wanted} wanted */
export function entryFolder(host, wanted) {
  return join(host.cacheDir, `${wanted.version}-${wanted.flavor}`);
}

/**
 * The libtorch of a cache entry. Only the marker file, written last, makes an entry: a folder without it was
 * cut off and counts for nothing.
 * @param {string} folder
 * @returns {import('./libtorch-folder.mjs').Libtorch | string} why there is none
 */
export function readEntry(folder) {
  if (!existsSync(folder)) return 'nothing there';
  if (!existsSync(join(folder, marker))) return 'an installation that did not finish';
  try {
    const { torch, python } = JSON.parse(readFileSync(join(folder, marker), 'utf8'));
    const found = inspectLibtorch(join(folder, torch), folder);
    return { ...found, python: python && existsSync(join(folder, python)) ? join(folder, python) : null };
  } catch (error) {
    return `damaged: ${error instanceof Error ? error.message : error}`;
  }
}

/**
 * Fills a cache entry while no other process does, and takes it as finished only when `fill` has returned.
 * @param {import('./host.mjs').Host} host
 * @param {import('./wanted.mjs').Wanted} wanted
 * @param {number} bytes how much disk it takes
 * @param {(folder: string) => Promise<{ torch: string, python: string | null }>} fill answers with paths in it
 * @returns {Promise<import('./libtorch-folder.mjs').Libtorch>}
 */
export async function fillEntry(host, wanted, bytes, fill) {
  const folder = entryFolder(host, wanted);
  try {
    mkdirSync(host.cacheDir, { recursive: true });
    return await withLock(`${folder}.lock`, host.say, async () => {
      const meanwhile = readEntry(folder);
      if (typeof meanwhile !== 'string') return meanwhile;
      rmSync(folder, { recursive: true, force: true });
      assertRoom(host.cacheDir, bytes);
      try {
        const { torch, python } = await fill(folder);
        const found = { ...inspectLibtorch(torch, torch), python };
        assertWanted(found, wanted);
        const paths = { torch: relative(folder, torch), python: python && relative(folder, python) };
        writeWhole(join(folder, marker), JSON.stringify({ ...paths, version: found.version }, null, 2));
        return found;
      } catch (error) {
        rmSync(folder, { recursive: true, force: true });
        throw error;
      }
    });
  } catch (error) {
    throw explainWriteError(error, host.cacheDir, otherPlace);
  }
}

/** @param {import('./libtorch-folder.mjs').Libtorch} found @param {import('./wanted.mjs').Wanted} wanted */
function assertWanted(found, wanted) {
  if (found.version.split('+')[0] === wanted.version && found.flavor === wanted.flavor) return;
  throw new InstallError(
    `libtorch ${wanted.version} for ${wanted.flavor} was asked for, and ${found.version} for ${found.flavor} came`,
    `look at pip's configuration (constraints, find-links, index-url), or set LIBTORCH_FLAVOR=${found.flavor}`,
  );
}

/** @param {string} folder @param {number} bytes */
function assertRoom(folder, bytes) {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes) return;
  const gigabytes = (/** @type {number} */ n) => `${(n / 1e9).toFixed(1)} GB`;
  throw new InstallError(
    `the disk is full: libtorch needs about ${gigabytes(bytes)} in ${folder}, ${gigabytes(bavail * bsize)} is free`,
    `free some space, or ${otherPlace}`,
  );
}

/**
 * Writes a file that is either whole or not there.
 * @param {string} file
 * @param {string} text
 */
export function writeWhole(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}
