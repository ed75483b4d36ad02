import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Leaf } from './flat.js';
import { resume } from './ours/resume.js';
import { write } from './ours/write.js';
import { expectSame, reference } from './parity.js';
import { perform } from './perform.js';

const root = mkdtempSync(join(tmpdir(), 'libtorch-node-checkpoint-'));
const here = join(root, 'here');
const python = join(root, 'python');
const conditions = { seed: 3, threads: 1 };
/** What Python makes of its own files. */
let expected: Leaf[];

beforeAll(async () => {
  for (const folder of [here, python]) mkdirSync(folder);
  const theirs = await reference('write', { folder: python }, conditions);
  expectSame(await perform(write, conditions, { folder: here }), theirs);
  expected = await reference('resume', { folder: python, mmap: false }, conditions);
});

afterAll(() => rmSync(root, { recursive: true }));

// Whoever wrote the files and whoever reads them: the same values and types, the same logits, the same next step.
test.each<[string, () => Promise<Leaf[]>]>([
  ['written here, read by Python', () => reference('resume', { folder: here, mmap: false }, conditions)],
  ['written here, mapped by Python', () => reference('resume', { folder: here, mmap: true }, conditions)],
  ['written and read here', () => perform(resume, conditions, { folder: here })],
  ['written by Python, read here', () => perform(resume, conditions, { folder: python })],
])('%s', async (_name, read) => {
  const compared = expectSame(await read(), expected);
  expect(compared.get('.checkpoint.model')).toBe('dict of 276');
  expect(compared.get('.checkpoint.optimizer.state')).toBe('dict of 156');
});
