import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { addPython, fakeHost, temporaryFolder } from './fixtures/host.js';

const program = fileURLToPath(new URL('../../tools/install/cli.mjs', import.meta.url));

function cli(args: string[], env: Record<string, string | undefined> = process.env) {
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env: env as NodeJS.ProcessEnv });
}

test('--help tells the commands and the variables', () => {
  const { status, stdout } = cli(['--help']);
  expect(status).toBe(0);
  for (const word of ['install', 'doctor', 'resolve', 'build', 'LIBTORCH_FLAVOR', 'LIBTORCH_USE_PYTORCH']) {
    expect(stdout).toContain(word);
  }
});

test.each([[[]], [['instal']]])('%j is no command', (args) => {
  const { status, stdout, stderr } = cli(args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain('Usage: libtorch-node <command>');
});

test('a failure is one message and its fix, without a stack', () => {
  const { status, stderr } = cli(['resolve'], {
    ...process.env,
    LIBTORCH: join(temporaryFolder(), 'nowhere'),
  });
  expect(status).toBe(1);
  const last = stderr.trim().split('\n').slice(-2);
  expect(last[0]).toMatch(/^libtorch-node: LIBTORCH=.*nowhere does not exist, so it is not a libtorch$/);
  expect(last[1]).toMatch(/^ {2}fix: /);
  expect(stderr).not.toContain('at ');
});

test('resolve prints the folder alone on stdout', () => {
  const host = fakeHost();
  addPython(host);
  const { status, stdout } = cli(['resolve'], { ...host.env, XDG_CACHE_HOME: host.folder });
  expect(status).toBe(0);
  const folder = join(host.folder, 'libtorch-node', '2.13.0-cpu');
  expect(stdout.startsWith(folder) && existsSync(stdout.trim())).toBe(true);
});

test('an installation that was killed is done again from the beginning', async () => {
  const host = fakeHost();
  addPython(host);
  const log = join(host.folder, 'log');
  const env = { ...host.env, XDG_CACHE_HOME: host.folder, FAKE_LOG: log };
  const child = spawn(process.execPath, [program, 'resolve'], {
    env: { ...env, FAKE_PIP: 'hang' } as NodeJS.ProcessEnv,
    stdio: 'ignore',
    detached: true, // a group of its own, so that its pip can be ended with it
  });
  onTestFinished(() => {
    process.kill(-(child.pid as number), 'SIGKILL');
  });
  await vi.waitUntil(() => existsSync(log) && readFileSync(log, 'utf8').includes('-m pip'), {
    timeout: 60_000,
  });
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const left = readdirSync(join(host.folder, 'libtorch-node')).sort();
  expect(left).toEqual(['2.13.0-cpu', '2.13.0-cpu.lock']);
  const { status, stderr } = cli(['resolve'], env);
  expect(stderr).toContain('an installation that did not finish');
  expect(status).toBe(0);
});

const disk = temporaryDisk();

/** A disk of 256 kB, where this user may mount one. */
function temporaryDisk(): string | null {
  const folder = join(fileURLToPath(new URL('../../build', import.meta.url)), `small disk ${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]);
  if (status === 0) return folder;
  rmSync(folder, { recursive: true });
  return null;
}

test.skipIf(disk === null)('a full disk is said, and leaves nothing behind', () => {
  const folder = disk as string;
  onTestFinished(() => {
    spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  const host = fakeHost();
  addPython(host);
  const env = { ...host.env, XDG_CACHE_HOME: folder };
  const asked = cli(['resolve'], env);
  expect(asked.status).toBe(1);
  expect(asked.stderr).toMatch(
    /libtorch-node: the disk is full: libtorch needs about 1\.3 GB in .*, 0\.0 GB is free/,
  );
  expect(asked.stderr).toContain('fix: free some space, or set XDG_CACHE_HOME');
  expect(readdirSync(join(folder, 'libtorch-node'))).toEqual([]);
  expect(() => writeFileSync(join(folder, 'fill'), Buffer.alloc(1 << 20))).toThrow('ENOSPC');
  const full = cli(['resolve'], env);
  expect(full.stderr).toContain('libtorch-node: the disk is full: ');
});
