// Small files that would fill the heap: an opcode of one byte makes an object of hundreds.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, expect, it } from 'vitest';

import { archive } from './archive.js';

const folder = mkdtempSync(join(tmpdir(), 'floods-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FLOODS: Record<string, string> = {
  dicts: '}',
  marks: '(',
  tuples: '}\x85',
  'entries of the memo': 'N\x94',
  bytes: 'C\0',
};

// With a small heap in a process of its own, which would end if it overflowed.
const PROGRAM = `
  import * as torch from 'libtorch-node';
  try {
    torch.load(process.env.TARGET);
  } catch (error) {
    console.log(error.name, error.message);
  }`;

it.each(Object.entries(FLOODS))('%s', (_, opcodes) => {
  const path = join(folder, 'x.pt');
  const pickle = Buffer.from(`\x80\x04${opcodes.repeat(400_000)}.`, 'latin1');
  writeFileSync(path, archive({ 'data.pkl': pickle }));
  const options = ['--max-old-space-size=200', '--input-type=module', '-e', PROGRAM];
  const output = execFileSync(process.execPath, options, {
    ...{ cwd: new URL('../..', import.meta.url).pathname, encoding: 'utf8' },
    env: { ...process.env, TARGET: path },
  });
  expect(output).toMatch(/^LimitExceededError cannot load .*x\.pt: its pickle makes more than \d+ objects/);
});

it('inspects nothing that is nested without end', async () => {
  const path = join(folder, 'deep.pt');
  const pickle = Buffer.from(`\x80\x02${']'.repeat(5000)}${'a'.repeat(4999)}.`, 'latin1');
  writeFileSync(path, archive({ 'data.pkl': pickle }));
  expect(torch.load(path)).toHaveLength(1);
  await expect(torch.serialization.inspect(path)).rejects.toThrow(
    /^cannot inspect .*nested more than 400 deep/,
  );
});
