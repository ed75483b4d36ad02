import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

test('right calls compile and wrong ones do not', () => {
  let output = '';
  try {
    execFileSync(process.execPath, [path('../../node_modules/typescript/bin/tsc'), '-p', path('.')]);
  } catch (error) {
    output = String((error as { stdout: Buffer }).stdout);
  }
  expect(output).toBe('');
});
