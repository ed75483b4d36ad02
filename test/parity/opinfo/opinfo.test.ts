import { expect, test } from 'vitest';
import { interpreter } from '../../live-python.js';
import { compare } from './compare.mjs';
import { summary, totals } from './summary.mjs';

test("a tenth of PyTorch's own float32 samples gives the same bits, gradients too", async () => {
  const rows = await compare(interpreter(), { every: 10 });
  const { operators, different, samples, without } = totals(rows);
  expect(different, summary('float32', rows)).toBe(0);
  expect(operators).toBeGreaterThan(600);
  expect(samples).toBeGreaterThan(1900);
  expect(without / operators, 'operators without a counterpart').toBeLessThan(0.05);
});
