import { expect, test } from 'vitest';
import { interpreter } from '../../live-python.js';
import { compare, summary } from './compare.mjs';

const count = (rows: { way: string }[], way: string) => rows.filter((row) => row.way === way).length;

test("PyTorch's own option sets of all optimizers: ten steps, states both ways, and what is refused", async () => {
  const rows = await compare(interpreter(), { dtypes: ['float64'] });
  expect(rows.filter(({ equal }) => !equal).length, summary(rows)).toBe(0);
  expect(new Set(rows.map(({ optimizer }) => optimizer)).size).toBe(15);
  expect(count(rows, 'run')).toBeGreaterThan(250);
  expect(count(rows, 'from Python')).toBeGreaterThan(180);
  expect(count(rows, 'to Python')).toBeGreaterThan(180);
  expect(count(rows, 'refused')).toBeGreaterThan(150);
});
