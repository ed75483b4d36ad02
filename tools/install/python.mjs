// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, findPrograms, run } from './process.mjs';

const question = `
import importlib.util, json, sys
print(json.dumps({
  'version': '%d.%d.%d' % sys.version_info[:3],
  'canMakeEnvironments': all(importlib.util.find_spec(name) for name in ('venv', 'ensurepip')),
  'torch': getattr(importlib.util.find_spec('torch'), 'origin', None),
}))`;

/**
 * @typedef {object} Python
 * @property {string} program
 * @property {string} version
 * @property {boolean} canMakeEnvironments Debian ships venv and ensurepip apart from Python
 * @property {string | null} torch .../site-packages/torch/__init__.py
 */

/**
 * Asks an interpreter about itself; torch is found, not imported (that takes seconds).
 * @param {string} program
 * @param {import('./host.mjs').Host} host
 * @returns {Promise<Python | null>} null where it does not run
 */
export async function askPython(program, host) {
  // -I would hide a user's site-packages: an active environment is asked as it is.
  const { code, stdout } = await run(program, ['-c', question], { env: host.env });
  if (code !== 0) return null;
  try {
    return { program, ...JSON.parse(stdout) };
  } catch {
    return null;
  }
}

/** @param {import('./host.mjs').Host} host @returns {string | null} the interpreter of the active environment */
export function activePython(host) {
  for (const variable of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const folder = host.env[variable];
    if (folder && existsSync(join(folder, 'bin/python'))) return join(folder, 'bin/python');
  }
  return findProgram('python3', host.env) ?? findProgram('python', host.env);
}

/**
 * The interpreter that makes the private environment: the first of PYTHON, python3, python that runs (a version
 * manager may put one on PATH that does not).
 * @param {import('./host.mjs').Host} host
 */
export async function basePython(host) {
  const names = [host.env.PYTHON, 'python3', 'python'].filter((name) => name !== undefined);
  for (const program of names.flatMap((name) => findPrograms(name, host.env))) {
    const python = await askPython(program, host);
    if (python?.version.startsWith('3.')) return python;
  }
  return null;
}
