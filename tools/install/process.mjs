// @ts-check
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * @param {string} name a program's name, or its absolute path
 * @param {Record<string, string | undefined>} env
 * @returns {string[]} where PATH finds it, in its order
 */
export function findPrograms(name, env) {
  const folders = (env.PATH ?? '').split(delimiter);
  const candidates = isAbsolute(name) ? [name] : folders.map((folder) => join(folder || '.', name));
  return candidates.filter((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}

/** @param {string} name @param {Record<string, string | undefined>} env @returns {string | null} the first of them */
export function findProgram(name, env) {
  return findPrograms(name, env)[0] ?? null;
}

/**
 * @typedef {object} Outcome
 * @property {number | null} code null where it did not start or was killed
 * @property {string} stdout
 * @property {string} output stdout and stderr, in the order of arrival
 */

/**
 * Runs a program without a shell, so that paths with spaces need no quoting.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, cwd?: string, onLine?: (line: string) => void }} [options]
 * @returns {Promise<Outcome>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const env = /** @type {NodeJS.ProcessEnv} */ (options.env ?? process.env);
    const child = spawn(program, args, { env, cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (/** @type {string} */ text) => {
        output += text;
        if (stream === child.stdout) stdout += text;
        const lines = (rest + text).split(/\r?\n|\r/);
        rest = lines.pop() ?? '';
        if (options.onLine) lines.forEach(options.onLine);
      });
      stream.on('end', () => {
        if (rest && options.onLine) options.onLine(rest);
      });
    }
    child.on('error', (error) => resolve({ code: null, stdout, output: output + error.message }));
    child.on('close', (code) => resolve({ code, stdout, output }));
  });
}

/** @param {string} output @param {number} count @returns {string} its last lines that are not empty */
export function lastLines(output, count) {
  const lines = output.split('\n').filter((line) => line.trim());
  return lines.slice(-count).join('\n');
}
