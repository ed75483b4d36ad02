// @ts-check
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from './install-error.mjs';

const heartbeat = 10_000; // ms; the holder's sign of life, for machines that share the folder and cannot see its pid
const silence = 120_000; // ms without one, after which a holder that cannot be asked counts as gone

/** @param {number} pid @returns {string} when it started, in clock ticks since boot; '' where that is not known */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** @param {number} pid @param {string} start */
function isRunning(pid, start) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
  }
  return startOf(pid) === start; // a pid is given again, a pid with its start is not
}

/** @param {string} file @returns {{ pid: number, gone: boolean } | null} null where the lock is free */
function holderOf(file) {
  try {
    const quiet = Date.now() - statSync(file).mtimeMs > silence;
    const text = readFileSync(file, 'utf8');
    const [host, pid, start] = text.split('\n');
    const askable = host === hostname() && start !== undefined;
    return { pid: Number(pid), gone: askable ? !isRunning(Number(pid), start) : quiet };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** @param {string} file @returns {boolean} whether this process made the file */
function create(file) {
  try {
    writeFileSync(file, `${hostname()}\n${process.pid}\n${startOf(process.pid)}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    rmSync(file, { force: true }); // made, but not written: the disk is full
    throw error;
  }
}

/**
 * Removes a lock whose holder is gone. A second file makes sure that of several waiters only one does, and
 * none of them removes the lock that another has just taken.
 * @param {string} file
 */
function removeLeftover(file) {
  const guard = `${file}.removal`;
  if (!create(guard)) {
    if (holderOf(guard)?.gone) rmSync(guard, { force: true });
    return;
  }
  try {
    if (holderOf(file)?.gone) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/**
 * Runs `work` while no other process holds `file`; a process that died holding it does not block.
 * @template T
 * @param {string} file
 * @param {(line: string) => void} say
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, say, work) {
  let told = false;
  while (!create(file)) {
    const holder = holderOf(file);
    if (holder?.gone) removeLeftover(file);
    else {
      if (!told) say(`  waiting for another installation (process ${holder?.pid})`);
      told = true;
      await sleep(200);
    }
  }
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {}
  }, heartbeat);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(file, { force: true });
  }
}
