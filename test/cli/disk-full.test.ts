// A real disk that is full: a small one in memory. Mounting it takes root, so without that the tests are left out.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { photoFolder, small, temporaryFolder, xception } from './program.js';

const root = temporaryFolder({ keep: true });
const disk = join(root, 'disk');
const photos = join(root, 'photos');

function mount(size: string): boolean {
  mkdirSync(disk, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const unmount = () => execFileSync('umount', [disk]);
const mountable = mount('1m');
if (mountable) unmount();

beforeAll(() => photoFolder(photos));
afterAll(() => rmSync(root, { recursive: true }));

test.skipIf(!mountable)('too little room for the weights is said before the training', async () => {
  mount('20m');
  try {
    const { code, stdout, stderr } = await xception([
      'overfit',
      ...small,
      '--data',
      photos,
      '--out',
      join(disk, 'runs'),
    ]);
    expect(stderr).toMatch(
      /^xception: the disk is full: .* needs 335 MB and has \d+ MB; free some space[^\n]*\n$/,
    );
    expect({ code, stdout, left: readdirSync(disk) }).toEqual({ code: 1, stdout: '', left: [] });
  } finally {
    unmount();
  }
});

test.skipIf(!mountable)('a disk that fills up during the run leaves no half of last.pt', async () => {
  mount('100m');
  try {
    const out = join(disk, 'runs');
    let filled = false;
    const { code, stderr } = await xception(
      ['overfit', ...small, '--data', photos, '--epochs', '2', '--out', out],
      {
        // With the first words: the room was looked at, and what is saved last is far away.
        onOutput: () => {
          if (filled) return;
          filled = true;
          writeFileSync(join(disk, 'filler'), Buffer.alloc(60_000_000));
        },
      },
    );
    expect(stderr).toMatch(/^xception: cannot save .*last\.pt: the disk is full[^\n]*\n$/);
    expect(code).toBe(1);
    expect(readdirSync(out)).toEqual(['metrics.jsonl']);
    const lines = readFileSync(join(out, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).epoch)).toEqual([1, 2]);
  } finally {
    unmount();
  }
});
