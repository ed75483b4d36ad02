import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { snakeToCamel } from '../../../lib/names.js';
import { interpreter } from '../../live-python.js';
import { functional } from '../ours/functional.js';
import { compare } from './compare.mjs';
import { differences, summary, totals } from './summary.mjs';

test("a tenth of PyTorch's own float32 samples gives the same bits, gradients too, in each form", async () => {
  const rows = await compare(interpreter(), { every: 10 });
  const { operators, samples, without, forms } = totals(rows);
  expect(differences(rows), summary('float32', rows)).toBe(0);
  expect(operators).toBeGreaterThan(600);
  expect(samples).toBeGreaterThan(1700);
  expect(without / operators, 'operators without a counterpart').toBeLessThan(0.05);
  for (const [form, { entries }] of Object.entries(forms)) expect(entries, form).toBeGreaterThan(100);
  const unexportable = new Set(rows.flatMap((row) => row.unexportable));
  expect([...unexportable]).toEqual(['a PairwiseDistance among the arguments']);
  expect(rows.filter(({ reason }) => reason?.startsWith('missing')).map(({ op }) => op)).toEqual([]);

  const names = rows.map(({ op }) => snakeToCamel(op.replace('nn.functional.', '').split('.')[0] as string));
  const covered = new Set([...names, ...Object.keys(functional())]);
  const functions = Object.entries(torch.nn.functional).filter(([, member]) => typeof member === 'function');
  expect(functions.map(([name]) => name).filter((name) => !covered.has(name))).toEqual([]);
});

test('what PyTorch tests to be refused is refused in the same words', async () => {
  const rows = await compare(interpreter(), { errors: true });
  const { different, samples } = totals(rows);
  expect(different, summary('refusals', rows)).toBe(0);
  expect(samples).toBeGreaterThan(600);
});
