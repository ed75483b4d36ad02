// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeWhole } from './cache-entry.mjs';

/**
 * build/libtorch.json: what the addon was built against. The library, doctor and the parity tests read it; it is
 * there only when the addon beside it is whole.
 * @typedef {import('./libtorch-folder.mjs').Libtorch & {
 *   source: string, abi: string, libtorchNode: string, compiler: string, builtAt: string,
 *   settings: string, sources: string, addon: { bytes: number, modified: number } }} BuildRecord
 */

/** @param {string} buildDir */
export const addonFile = (buildDir) => join(buildDir, 'Release', 'libtorch_node.node');

/** @param {string} buildDir */
const recordFile = (buildDir) => join(buildDir, 'libtorch.json');

/** @param {string} buildDir @returns {BuildRecord | null} */
export function readRecord(buildDir) {
  try {
    return JSON.parse(readFileSync(recordFile(buildDir), 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} buildDir @param {BuildRecord} record */
export function writeRecord(buildDir, record) {
  writeWhole(recordFile(buildDir), `${JSON.stringify(record, null, 2)}\n`);
}

/** @param {string} buildDir */
export function removeRecord(buildDir) {
  rmSync(recordFile(buildDir), { force: true });
}

/** @param {string} buildDir @returns {BuildRecord['addon'] | null} tells whether the file is the recorded one */
export function addonStamp(buildDir) {
  const file = addonFile(buildDir);
  if (!existsSync(file)) return null;
  const { size, mtimeMs } = statSync(file);
  return { bytes: size, modified: mtimeMs };
}

/** @param {import('./host.mjs').Host} host @param {string} name @returns {{ version: string }} */
export function packageJson(host, name) {
  return createRequire(join(host.packageDir, 'package.json'))(`${name}/package.json`);
}

/**
 * What the addon is compiled from, by content: a checkout or an unpacked package sets file times at will.
 * @param {string} packageDir
 * @returns {string}
 */
export function hashSources(packageDir) {
  const native = join(packageDir, 'native');
  const files = readdirSync(native, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of [join(packageDir, 'CMakeLists.txt'), ...files]) {
    hash
      .update(`${file.slice(packageDir.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}
