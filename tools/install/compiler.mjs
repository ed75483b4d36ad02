// @ts-check
import { InstallError } from './install-error.mjs';
import { findProgram, run } from './process.mjs';

const oldestCmake = { major: 3, minor: 18 };

/** @typedef {{ program: string, version: string }} Tool */

/** @param {string} program @param {import('./host.mjs').Host} host */
async function firstLine(program, host) {
  const { stdout } = await run(program, ['--version'], { env: host.env });
  return stdout.split('\n')[0]?.trim() ?? '';
}

/**
 * @param {import('./host.mjs').Host} host
 * @returns {Promise<Tool>}
 * @throws {InstallError}
 */
export async function findCmake(host) {
  const program = findProgram('cmake', host.env);
  const fix = 'install CMake 3.18 or later (Debian: apt-get install cmake) and run the same command again';
  if (!program) throw new InstallError('CMake is not installed (no cmake on PATH)', fix);
  const line = await firstLine(program, host);
  const [major = 0, minor = 0] = (/version (\d+)\.(\d+)/.exec(line) ?? []).slice(1).map(Number);
  if (major < oldestCmake.major || (major === oldestCmake.major && minor < oldestCmake.minor)) {
    throw new InstallError(`${program} is too old: ${line || 'it does not run'}`, fix);
  }
  return { program, version: line };
}

/**
 * @param {import('./host.mjs').Host} host
 * @returns {Promise<Tool>} CXX, else c++, g++ or clang++
 * @throws {InstallError}
 */
export async function findCompiler(host) {
  const names = host.env.CXX ? [host.env.CXX] : ['c++', 'g++', 'clang++'];
  const program = names.map((name) => findProgram(name, host.env)).find(Boolean);
  if (!program) {
    throw new InstallError(
      `no C++ compiler is installed (looked for ${names.join(', ')})`,
      'install one (Debian: apt-get install g++) and run the same command again; CXX names one elsewhere',
    );
  }
  return { program, version: await firstLine(program, host) };
}

/**
 * @param {import('./host.mjs').Host} host
 * @returns {'Ninja' | 'Unix Makefiles'} what CMake shall write; Ninja sees in milliseconds that nothing changed
 * @throws {InstallError}
 */
export function findGenerator(host) {
  if (findProgram('ninja', host.env)) return 'Ninja';
  if (findProgram('make', host.env)) return 'Unix Makefiles';
  throw new InstallError(
    'neither ninja nor make is installed',
    'install one (Debian: apt-get install ninja-build) and run the same command again',
  );
}
