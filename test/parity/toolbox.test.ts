import { expect, test } from 'vitest';
import { pruning } from './ours/pruning.js';
import { reparametrize } from './ours/reparametrize.js';
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

test('nn.utils.prune: every method, alone, one after another and over several parameters', async () => {
  const compared = await expectSameBits(pruning, {});
  expect(compared.size).toBeGreaterThan(300);
});

test('weights by hooks, stateless calls, extra state, submodules, layouts', async () => {
  const compared = await expectSameBits(reparametrize, {});
  expect(compared.size).toBeGreaterThan(200);
});
