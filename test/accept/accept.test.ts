import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { gpuOf } from '../../tools/accept/gpu.mjs';
import { packageFolders, sources } from '../../tools/accept/pack.mjs';
import { plans } from '../../tools/accept/plans.mjs';
import { suiteRow } from '../../tools/accept/rows.mjs';
import { tableText } from '../../tools/accept/table.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

function accept(args: string[], env: Record<string, string> = {}) {
  const { NODE_OPTIONS: _, VITEST: __, ...outer } = process.env;
  return spawnSync(process.execPath, ['tools/accept/cli.mjs', ...args], {
    ...{ cwd: root, encoding: 'utf8' },
    env: { ...outer, ...env },
  });
}

test('without a GPU it says so, checks nothing and exits 0', () => {
  const { status, stdout, stderr } = accept([], { CUDA_VISIBLE_DEVICES: '' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^accept: there is no GPU here \(.*\); nothing was checked\.\n/);
});

test('a driver is seen by its files or by nvidia-smi', () => {
  expect(gpuOf({ CUDA_VISIBLE_DEVICES: '', PATH: process.env.PATH }).found).toBe(false);
  const folder = mkdtempSync(join(tmpdir(), 'libtorch-node-gpu-'));
  writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\n', { mode: 0o755 });
  expect(gpuOf({ PATH: folder }).found).toBe(true);
  rmSync(folder, { recursive: true });
});

test('options that do not exist are named', () => {
  for (const args of [['--device', 'tpu'], ['--gpu']]) {
    const { status, stderr } = accept(args);
    expect(status).toBe(2);
    expect(stderr).toContain(args.at(-1));
    expect(stderr).toContain('Usage:');
  }
});

test('the same checks on the CPU, in short, print one table of rows that all passed', {
  timeout: 900_000,
}, () => {
  const { status, stdout, stderr } = accept(['--device', 'cpu', '--short']);
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  const rows = stdout.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| check'));
  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatch(/^\| parity\/device +\| ok +\| 5 equal, 1 not for this device/);
  expect(rows[1]).toMatch(/^\| xception overfit .*\| ok +\| loss \d/);
  expect(rows[2]).toMatch(/^\| train step, 64 px, batch 2 +\| ok +\| .* of Python's time, .* same bits/);
  expect(stdout).toMatch(/3 of 3 rows passed in [\d.]+ minutes\n$/);
});

test('without a Python that answers it exits 1', () => {
  const { status, stdout, stderr } = accept(['--device', 'cpu'], { LIBTORCH_NODE_PYTHON: '/bin/false' });
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('/bin/false');
});

test('a test that failed, and a file that does not load, are rows that failed', () => {
  const told: string[] = [];
  const run = { root, say: (line: string) => told.push(line) };
  const name = join(root, 'test/parity/step.test.ts');
  const times = { name, startTime: 1000, endTime: 3500 };
  const passed = { status: 'passed', title: 'one', fullName: 'all one', failureMessages: [] };
  const failed = { status: 'failed', title: 'two', fullName: 'all two', failureMessages: ['3 of 4 differ'] };
  const rowOf = (suite: object) => suiteRow(run as never, { ...times, ...suite });
  expect(rowOf({ status: 'failed', assertionResults: [passed, failed] })).toEqual({
    ...{ check: 'parity/step', ok: false, result: '1 equal, 1 differ (two)', seconds: 2.5 },
  });
  expect(told).toEqual(['  all two\n    3 of 4 differ']);
  const unloaded = rowOf({ status: 'failed', message: 'no such module', assertionResults: [] });
  expect(unloaded).toMatchObject({ ok: false, result: '0 equal, does not load' });
  expect(rowOf({ status: 'passed', assertionResults: [passed] }).ok).toBe(true);
});

test('what goes into the bundle is there', () => {
  for (const name of sources) expect(existsSync(join(root, name)), name).toBe(true);
  const folders = packageFolders();
  for (const name of [
    'vitest',
    'vite',
    'sharp',
    '@img/sharp-libvips-linux-x64',
    'cmake-js',
    'node-addon-api',
  ]) {
    expect(folders).toContain(`node_modules/${name}`);
  }
  for (const name of ['typescript', 'h5wasm', '@biomejs/biome'])
    expect(folders).not.toContain(`node_modules/${name}`);
  for (const suite of plans.cuda.suites) {
    expect(
      sources.some((name) => suite.startsWith(name) && existsSync(join(root, suite))),
      suite,
    ).toBe(true);
  }
});

test('the columns of the table line up', () => {
  const text = tableText([
    ['check', 'n'],
    ['a long name', '1'],
  ]);
  expect(text).toBe('| check       | n   |\n|-------------|-----|\n| a long name | 1   |');
});
