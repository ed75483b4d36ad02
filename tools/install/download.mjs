// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InstallError } from './install-error.mjs';

const stall = 60_000; // ms without a byte, after which a connection counts as cut
const fruitlessTries = 4; // in a row; a try that brought bytes does not count

/** @param {string} file */
const sizeOf = (file) => (existsSync(file) ? statSync(file).size : 0);

/** @param {string} file */
async function sha256Of(file) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * Fetches a file and checks it. What a cut left behind, in this run or an earlier one, is continued with Range;
 * the file has its name only when it is whole and its checksum is right.
 * @param {{ url: string, sha256: string }} archive
 * @param {string} file
 * @param {(line: string) => void} say
 * @param {{ pause?: number }} [options] ms between tries
 */
export async function download({ url, sha256 }, file, say, { pause = 1000 } = {}) {
  const part = `${file}.part`;
  mkdirSync(dirname(file), { recursive: true });
  let continued = sizeOf(part) > 0;
  for (;;) {
    await fetchAll(url, part, say, pause);
    const actual = await sha256Of(part);
    if (actual === sha256) break;
    rmSync(part);
    if (!continued) {
      throw new InstallError(
        `${url} is not the file that was expected: its sha256 is ${actual}, not ${sha256}`,
        'run the same command again; if it says so again, do not trust that address',
      );
    }
    say('  the checksum is wrong: what an earlier run left does not fit, starting over');
    continued = false;
  }
  renameSync(part, file);
}

/** @param {string} url @param {string} part @param {(line: string) => void} say @param {number} pause */
async function fetchAll(url, part, say, pause) {
  for (let fruitless = 0; ; ) {
    const before = sizeOf(part);
    try {
      if (await fetchOnce(url, part, say)) return;
    } catch (error) {
      if (error instanceof InstallError || !isNetworkError(error)) throw error;
      fruitless = sizeOf(part) > before ? 0 : fruitless + 1;
      if (fruitless >= fruitlessTries) throw explainNetwork(error, url);
      say(`  cut off after ${megabytes(sizeOf(part))} (${causeOf(error)}), going on from there`);
    }
    await sleep(pause * (fruitless + 1));
  }
}

/** @param {string} url @param {string} part @param {(line: string) => void} say @returns {Promise<boolean>} whole? */
async function fetchOnce(url, part, say) {
  const have = sizeOf(part);
  const stop = new AbortController();
  let timer = setTimeout(() => stop.abort(new Error('no answer')), stall);
  try {
    const headers = have > 0 ? { range: `bytes=${have}-` } : undefined;
    const response = await fetch(url, { headers, signal: stop.signal });
    if (response.status === 416) return true; // nothing is left to fetch; the checksum tells
    if (response.status >= 500) throw new TypeError(`the server answers ${response.status}`);
    if (!response.ok || !response.body) {
      throw new InstallError(
        `${url}: the server answers ${response.status}`,
        'check the address, or set LIBTORCH',
      );
    }
    const from = response.status === 206 ? have : 0; // 200: this server cannot continue
    const range = response.headers.get('content-range');
    if (from > 0 && range !== null && !range.startsWith(`bytes ${from}-`)) {
      rmSync(part);
      throw new TypeError(`the server answers with ${range} where ${from} was asked for`);
    }
    const total = from + Number(response.headers.get('content-length') ?? Number.NaN);
    const output = await open(part, from > 0 ? 'a' : 'w');
    try {
      let done = from;
      let shown = Date.now();
      for await (const chunk of response.body) {
        clearTimeout(timer);
        timer = setTimeout(() => stop.abort(new Error('no data')), stall);
        await output.writeFile(chunk);
        done += chunk.length;
        if (Date.now() - shown > 5000) {
          shown = Date.now();
          say(`  ${megabytes(done)}${total ? ` of ${megabytes(total)}` : ''}`);
        }
      }
      return Number.isNaN(total) || done === total;
    } finally {
      await output.close();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** @param {number} bytes */
const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;

/** @param {unknown} error @returns {boolean} fetch throws TypeError, a cut stream too; files throw system errors */
const isNetworkError = (error) =>
  error instanceof TypeError || (error instanceof Error && /^no (answer|data)$/.test(error.message));

/** @param {unknown} error */
function causeOf(error) {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? ('code' in inner && `${inner.code}`) || inner.message : `${error}`;
}

/** @param {unknown} error @param {string} url */
function explainNetwork(error, url) {
  return new InstallError(
    `no network: ${new URL(url).host} cannot be reached (${causeOf(error)})`,
    'connect and run the same command again (it goes on where it stopped), or set LIBTORCH to a libtorch you have',
  );
}
