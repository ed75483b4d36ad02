import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** `kNone = 0,` and `none: 0,` as a record. */
function numbers(file: string, pattern: RegExp): Record<string, number> {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8');
  return Object.fromEntries(
    [...source.matchAll(pattern)].map(([, name, value]) => [name?.toLowerCase(), Number(value)]),
  );
}

test('TypeScript and C++ mean the same by every tag', () => {
  const native = numbers('../native/call-buffer.h', /^ {2}k(\w+) = (\d+),/gm);
  const typescript = numbers('../lib/call-buffer.ts', /^ {2}(\w+): (\d+),/gm);
  expect(Object.keys(native).length).toBeGreaterThan(15);
  expect(typescript).toEqual(native);
});
