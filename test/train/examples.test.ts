// The programs in examples/ run as they are, on a few photos.

import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { EXAMPLE_PHOTOS } from 'libtorch-node/train';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'libtorch-node-examples-'));
const { argv } = process;
const folder = process.cwd();

beforeAll(() => {
  for (const name of ['fish', 'tool']) {
    mkdirSync(join(root, 'photos', name), { recursive: true });
    for (const n of [1, 2]) {
      const file = join(name, `${name}0${n}.jpg`);
      cpSync(join(EXAMPLE_PHOTOS, file), join(root, 'photos', file));
    }
  }
  torch.setNumThreads(1);
  // The programs write where they are started.
  process.chdir(root);
});

afterAll(() => {
  process.chdir(folder);
  rmSync(root, { recursive: true });
});

afterEach(() => {
  process.argv = argv;
  vi.restoreAllMocks();
});

/** Runs one and answers with the lines it printed. */
async function run(load: () => Promise<unknown>, ...parameters: string[]): Promise<string[]> {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    lines.push(line);
  });
  process.argv = [process.execPath, 'example', ...parameters];
  await load();
  return lines;
}

test('train-a-net trains and saves, load-and-predict loads and names', async () => {
  const trained = await run(() => import('../../examples/train-a-net.js'), join(root, 'photos'));
  expect(trained).toHaveLength(10);
  expect(trained.at(-1)).toMatch(/^epoch 10: loss 0\.\d{4}$/);
  const photo = join(root, 'photos', 'fish', 'fish01.jpg');
  const named = await run(() => import('../../examples/load-and-predict.js'), 'xception.pt', photo);
  expect(named).toHaveLength(1);
  expect(named[0]).toMatch(/fish01\.jpg: (fish|tool) \([01]\.\d{3}\)$/);
});
