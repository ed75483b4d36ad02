// @ts-check
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InstallError } from './install-error.mjs';
import { assertAccepted } from './versions.mjs';

/**
 * A libtorch that can be compiled against and loaded.
 * @typedef {object} Libtorch
 * @property {string} libtorch the folder that holds lib/ and include/
 * @property {string} version as libtorch writes it, 2.13.0+cpu
 * @property {'cpu' | 'cuda'} flavor
 * @property {string | null} python the interpreter whose torch package this is, null for an unpacked libtorch
 */

/** @param {string} file @param {RegExp} pattern @returns {string | undefined} */
function firstMatch(file, pattern) {
  return existsSync(file) ? pattern.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
}

/** @param {string} folder @returns {string | undefined} */
function versionOf(folder) {
  return (
    firstMatch(join(folder, 'build-version'), /^\s*(\S+)/) ??
    firstMatch(join(folder, 'version.py'), /^__version__ = '([^']+)'/m) ??
    firstMatch(join(folder, 'include/torch/csrc/api/include/torch/version.h'), /TORCH_VERSION "([^"]+)"/)
  );
}

/** @param {string} folder .../lib/python3.11/site-packages/torch @returns {string | null} .../bin/python */
function pythonOf(folder) {
  for (const up of ['../../../..', '../../..']) {
    const python = join(folder, up, 'bin', 'python');
    if (existsSync(join(folder, 'version.py')) && existsSync(python)) return python;
  }
  return null;
}

/**
 * Reads what a folder holds.
 * @param {string} path
 * @param {string} where who named this folder, for the message
 * @returns {Libtorch}
 * @throws {InstallError} where it is no libtorch, or one of a version that is not supported
 */
export function inspectLibtorch(path, where) {
  const folder = resolve(path);
  const needed = ['lib/libtorch_cpu.so', 'lib/libtorch.so', 'lib/libc10.so', 'include/ATen/ATen.h'];
  const missing = needed.find((file) => !existsSync(join(folder, file)));
  if (missing) {
    const inside = ['torch', 'libtorch'].find((name) => existsSync(join(folder, name, needed[0] ?? '')));
    const noFolder = existsSync(folder) ? `holds no ${missing}` : 'does not exist';
    throw new InstallError(
      `${where} ${noFolder}, so it is not a libtorch`,
      inside
        ? `the libtorch is one folder further in: ${join(folder, inside)}`
        : 'name an unpacked libtorch or the folder of the Python package torch: it holds lib/ and include/',
    );
  }
  const version = versionOf(folder);
  if (!version) {
    throw new InstallError(
      `${where} does not say which version it is`,
      'use a released libtorch or torch package',
    );
  }
  assertAccepted(version, where);
  const flavor = existsSync(join(folder, 'lib/libtorch_cuda.so')) ? 'cuda' : 'cpu';
  return { libtorch: realpathSync(folder), version, flavor, python: pythonOf(folder) };
}

/**
 * @param {Libtorch} found
 * @param {import('./wanted.mjs').Wanted} wanted
 * @param {string} where
 * @throws {InstallError} where LIBTORCH_FLAVOR asks for the other build
 */
export function assertFlavor(found, wanted, where) {
  if (!wanted.flavorIsAsked || found.flavor === wanted.flavor) return;
  throw new InstallError(
    `${where} is a ${found.flavor} build and LIBTORCH_FLAVOR=${wanted.flavor}`,
    `unset LIBTORCH_FLAVOR, or name a ${wanted.flavor} build`,
  );
}
