import { readFileSync } from 'node:fs';
import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

/** `kNone = 0,` and `none: 0,` as a record. */
function numbers(file: string, pattern: RegExp): Record<string, number> {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8');
  return Object.fromEntries(
    [...source.matchAll(pattern)].map(([, name, value]) => [name?.toLowerCase(), Number(value)]),
  );
}

test('TypeScript and C++ mean the same by every tag', () => {
  const native = numbers('../../native/call-buffer.h', /^ {2}k(\w+) = (\d+),/gm);
  const typescript = numbers('../../lib/operators/call-buffer.ts', /^ {2}(\w+): (\d+),/gm);
  expect(Object.keys(native).length).toBeGreaterThan(15);
  expect(typescript).toEqual(native);
  const [inNative, inTypescript] = [
    numbers('../../native/call-buffer.h', /(k)HeaderEntries = (\d+);/g),
    numbers('../../lib/operators/call-buffer.ts', /(k?)headerEntries = (\d+);/g),
  ].map((found) => Object.values(found));
  expect(inNative).toEqual([4]);
  expect(inTypescript).toEqual(inNative);
});

test('a call takes and returns more values than the buffer began with', () => {
  const count = 200_000;
  const rows = torch.arange(count).unbind();
  expect(rows.length).toBe(count);
  expect(rows.at(-1)?.item()).toBe(count - 1);
  expect(torch.stack(rows).equal(torch.arange(count))).toBe(true);
  for (const row of rows) row.dispose();
});

test('as many sizes as a tensor has, however many', () => {
  const ones = new Array<number>(5000).fill(1);
  expect(torch.zeros(ones).shape).toEqual(ones);
});
