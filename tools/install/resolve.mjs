// @ts-check
import { fromActivePython } from './from-active-python.mjs';
import { fromArchive } from './from-archive.mjs';
import { fromCache } from './from-cache.mjs';
import { fromPip } from './from-pip.mjs';
import { fromVariable } from './from-variable.mjs';
import { InstallError } from './install-error.mjs';
import { whatIsWanted } from './wanted.mjs';

/**
 * One place to look for a libtorch: it answers with one, with the reason why it was passed over, or throws.
 * @typedef {(host: import('./host.mjs').Host, wanted: import('./wanted.mjs').Wanted) =>
 *   Promise<{ found: import('./libtorch-folder.mjs').Libtorch } | { passed: string }>} Source
 */

/** In this order: what the user says, what is here already, what has to be fetched. */
const sources = /** @type {const} */ ([
  ['LIBTORCH', fromVariable],
  ['active Python', fromActivePython],
  ['cache', fromCache],
  ['private environment', fromPip],
  ['official archive', fromArchive],
]);

/**
 * Finds or fetches libtorch, and says at each step what was found and why it was taken or passed over.
 * @param {import('./host.mjs').Host} host
 * @returns {Promise<import('./libtorch-folder.mjs').Libtorch & { source: string }>}
 */
export async function resolveLibtorch(host) {
  const wanted = whatIsWanted(host);
  host.say(`libtorch ${wanted.version}, ${wanted.flavor} build (${wanted.why})`);
  const reasons = [];
  for (const [name, source] of sources) {
    const answer = await source(host, wanted);
    if ('found' in answer) {
      const { found } = answer;
      host.say(`  ${name}: taken, ${found.version} (${found.flavor}) in ${found.libtorch}`);
      return { ...found, source: name };
    }
    host.say(`  ${name}: passed over, ${answer.passed}`);
    reasons.push(`  ${name}: ${answer.passed}`);
  }
  throw new InstallError(
    `no libtorch was found, and there is no way to fetch one:\n${reasons.join('\n')}`,
    'install Python 3.10 or later with venv (Debian: apt-get install python3-venv), or set LIBTORCH',
  );
}
