import { expect, test } from 'vitest';
import { structure } from './ours/structure.js';
import { toolbox } from './ours/toolbox.js';
import { expectSameBits } from './parity.js';

test('nn.utils: parametrizations, clipping, fusing, packed sequences', async () => {
  const compared = await expectSameBits(toolbox, {});
  expect(compared.size).toBeGreaterThan(100);
});

test('hooks, state dicts, containers, copies', async () => {
  const compared = await expectSameBits(structure, {});
  expect(compared.size).toBeGreaterThan(100);
});
