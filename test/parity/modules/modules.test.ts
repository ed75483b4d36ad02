import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { interpreter } from '../../live-python.js';
import { summary, totals } from '../opinfo/summary.mjs';
import { compare } from './compare.mjs';

const compared = new Set<string>();

async function expectEqual(settings: Parameters<typeof compare>[1], title: string) {
  const rows = await compare(interpreter(), settings);
  for (const { op } of rows) compared.add(op);
  const found = totals(rows);
  expect(found.different, summary(title, rows)).toBe(0);
  expect(found.without).toBe(0);
  return found;
}

test("a seventh of PyTorch's own samples of its 114 modules", async () => {
  const { operators, samples, unexportable } = await expectEqual({ every: 7 }, 'float32');
  expect(operators).toBe(114);
  expect(samples).toBeGreaterThan(500);
  expect(unexportable).toBe(0);
});

test('samples of the modules that the table leaves out', async () => {
  const { samples } = await expectEqual({ others: true }, 'others');
  expect(samples).toBeGreaterThan(350);
});

test('what PyTorch tests to be refused is refused in the same words', async () => {
  const { samples } = await expectEqual({ errors: true }, 'refusals');
  expect(samples).toBeGreaterThan(80);
});

test('every module is compared', () => {
  const isModule = (value: unknown) =>
    typeof value === 'function' && value.prototype instanceof torch.nn.Module;
  const known = Object.entries(torch.nn)
    .filter(([, value]) => isModule(value))
    .map(([name]) => name);
  // Containers have tests of their own, bases no samples.
  const others = [
    'Sequential',
    'ModuleList',
    'ModuleDict',
    'ParameterList',
    'ParameterDict',
    'RNNBase',
    'RNNCellBase',
  ];
  expect(known.filter((name) => !compared.has(name) && !others.includes(name))).toEqual([]);
});
