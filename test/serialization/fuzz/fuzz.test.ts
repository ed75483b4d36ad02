// A short run of npm run fuzz:checkpoints, in a process of its own: a crash would take the test runner with it.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

interface Outcomes {
  archives: Record<string, number>;
  pickles: { value: number; BadPickleError: number; functions: number; unreached: string[] };
}

it('stands thousands of changed files and pickles', () => {
  const main = fileURLToPath(new URL('./main.mjs', import.meta.url));
  const output = execFileSync(process.execPath, [main, '--archives', '2000', '--pickles', '3000'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 26,
  });
  const { archives, pickles } = JSON.parse(output) as Outcomes;
  // Both kinds of outcome are there in number: the changes are neither harmless nor all too coarse.
  expect(archives.same).toBeGreaterThan(200);
  expect(archives.CorruptArchiveError).toBeGreaterThan(200);
  expect(pickles.value).toBeGreaterThan(10);
  expect(pickles.BadPickleError).toBeGreaterThan(500);
  expect(pickles.unreached.length).toBeLessThan(pickles.functions / 10);
});
