import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resume } from './ours/resume.js';
import { write } from './ours/write.js';
import { expectSame, reference } from './parity.js';
import { perform } from './perform.js';

const root = mkdtempSync(join(tmpdir(), 'libtorch-node-checkpoint-'));
const here = join(root, 'here');
const python = join(root, 'python');
const conditions = { seed: 3, threads: 1 };

beforeAll(async () => {
  for (const folder of [here, python]) mkdirSync(folder);
  expectSame(
    await perform(write, conditions, { folder: here }),
    await reference('write', { folder: python }, conditions),
  );
});

afterAll(() => rmSync(root, { recursive: true }));

// Whoever wrote the files and whoever reads them: the same values, logits and next step.
test.each([false, true])(
  'Python reads what is written here as what it wrote itself, mmap=%s',
  async (mmap) => {
    const compared = expectSame(
      await reference('resume', { folder: here, mmap }, conditions),
      await reference('resume', { folder: python, mmap }, conditions),
    );
    expect(compared.get('.checkpoint.model')).toBe('dict of 276');
    expect(compared.get('.checkpoint.optimizer.state')).toBe('dict of 156');
  },
);

test.each([here, python])('read here as in Python', async (folder) => {
  const params = { folder, mmap: false };
  expectSame(await perform(resume, conditions, params), await reference('resume', params, conditions));
});
