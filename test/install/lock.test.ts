import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { withLock } from '../../tools/install/lock.mjs';
import { temporaryFolder } from './fixtures/host.js';

const program = fileURLToPath(new URL('fixtures/lock-user.mjs', import.meta.url));
const quiet = () => {};

function start(lock: string, counter: string, milliseconds: number): ChildProcess {
  return spawn(process.execPath, [program, lock, counter, `${milliseconds}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('close', resolve));
const held = (child: ChildProcess) => new Promise((resolve) => child.stdout?.once('data', resolve));

test('eight processes hold it one after the other', async () => {
  const folder = temporaryFolder();
  const [lock, counter] = [join(folder, 'lock'), join(folder, 'counter')];
  writeFileSync(counter, '0');
  const codes = await Promise.all(Array.from({ length: 8 }, () => ended(start(lock, counter, 30))));
  expect(codes).toEqual(Array(8).fill(0));
  expect(readFileSync(counter, 'utf8')).toBe('8');
  expect(existsSync(lock)).toBe(false);
});

test('a holder that was killed does not block, however many wait', async () => {
  const folder = temporaryFolder();
  const [lock, counter] = [join(folder, 'lock'), join(folder, 'counter')];
  writeFileSync(counter, '0');
  const killed = start(lock, counter, 60_000);
  await held(killed);
  const waiting = Array.from({ length: 6 }, () => ended(start(lock, counter, 20)));
  killed.kill('SIGKILL');
  expect(await Promise.all(waiting)).toEqual(Array(6).fill(0));
  expect(readFileSync(counter, 'utf8')).toBe('6');
});

test('a pid that was given to another process does not count as the holder', async () => {
  const lock = join(temporaryFolder(), 'lock');
  writeFileSync(lock, `${hostname()}\n${process.pid}\n1`);
  expect(await withLock(lock, quiet, async () => 'taken')).toBe('taken');
});

test('a holder on another machine counts as gone after two minutes without a sign of life', async () => {
  const lock = join(temporaryFolder(), 'lock');
  writeFileSync(lock, 'elsewhere\n1\n1');
  const longAgo = new Date(Date.now() - 200_000);
  utimesSync(lock, longAgo, longAgo);
  expect(await withLock(lock, quiet, async () => 'taken')).toBe('taken');
});

test('a living holder on another machine is waited for, and that is said', async () => {
  const lock = join(temporaryFolder(), 'lock');
  writeFileSync(lock, 'elsewhere\n17\n1');
  const said: string[] = [];
  let taken = false;
  const waiting = withLock(
    lock,
    (line) => said.push(line),
    async () => {
      taken = true;
    },
  );
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect([taken, said]).toEqual([false, ['  waiting for another installation (process 17)']]);
  const longAgo = new Date(Date.now() - 200_000);
  utimesSync(lock, longAgo, longAgo);
  await waiting;
  expect(taken).toBe(true);
});

test('work that throws gives it back', async () => {
  const lock = join(temporaryFolder(), 'lock');
  const failing = withLock(lock, quiet, async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});
