import { expect, test } from 'vitest';
import { measure } from './run.js';

test('a synchronous loop of 3,000 results of 4 MB adds less than 300 MB', () => {
  expect(measure<{ added: number }>('synchronous-loop').added).toBeLessThan(300);
});

test('200 dropped forwards in grad mode stay under 1.5 times one', { timeout: 600_000 }, () => {
  const { one, all } = measure<{ one: number; all: number }>('dropped-graphs');
  expect(all).toBeLessThan(1.5 * one);
});

test('200 naive training steps end with the live tensors they began with', () => {
  const { before, after, first, last } = measure<{
    before: number;
    after: number;
    first: number;
    last: number;
  }>('naive-steps');
  expect(after).toBeLessThanOrEqual(before);
  expect(last).toBeLessThan(first);
});

test("the README's loop trains with a first step inside a scope", () => {
  const { sgd, adam } = measure<{ sgd: number[]; adam: number[] }>('readme-loop');
  expect(sgd).toHaveLength(3);
  expect(adam).toHaveLength(3);
  for (const loss of [...sgd, ...adam]) expect(loss).toBeGreaterThan(0);
});

test('a stale handle is an error after 2^25 reuses of its slot', { timeout: 600_000 }, () => {
  const { reused, aliased, message, live } = measure<{
    reused: number;
    aliased: number;
    message: string;
    live: number;
  }>('stale-slot');
  expect(reused).toBe(2 ** 25);
  expect(aliased).toBe(0);
  expect(message).toMatch(/disposed/);
  expect(live).toBeLessThan(10);
});

test('hooks and custom functions go with their graphs, walked or not, awaited or not', () => {
  const { grownMB, live } = measure<{ grownMB: number; live: number }>('callbacks');
  // Their closures hold 128 KB in each of 3,000 steps.
  expect(grownMB).toBeLessThan(200);
  expect(live).toBeLessThan(500);
});

test('100,000 operators each way and 10,000 exceptions leave nothing behind', { timeout: 600_000 }, () => {
  const { grown, live, bytes } = measure<{ grown: Record<string, number>; live: number; bytes: number }>(
    'many-ops',
  );
  console.log(`MB that the second half of each added: ${JSON.stringify(grown)}`);
  expect(Object.entries(grown).filter(([, megabytes]) => megabytes > 24)).toEqual([]);
  expect(live).toBeLessThan(200_000);
  expect(bytes).toBeLessThan(64 << 20);
});
