// @ts-check
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What an installation reads from its surroundings, in one place so that a test can give another one.
 * @typedef {object} Host
 * @property {Record<string, string | undefined>} env
 * @property {string} packageDir the folder of this package: CMakeLists.txt, native/, build/
 * @property {string} cacheDir what was fetched for all projects of this user
 * @property {(line: string) => void} say progress, a line at a time
 */

/**
 * @param {Record<string, string | undefined>} env
 * @param {(line: string) => void} say
 * @returns {Host}
 */
export function hostOf(env, say) {
  const packageDir = resolve(fileURLToPath(new URL('../..', import.meta.url)));
  const home = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return { env, packageDir, cacheDir: join(home, 'libtorch-node'), say };
}
