import { expect, test } from 'vitest';
import { derivatives } from './ours/derivatives.js';
import { expectSameBits } from './parity.js';

test('torch.autograd.functional: Jacobians, Hessians, products, and what it refuses', async () => {
  const compared = await expectSameBits(derivatives, {});
  const refused = [...compared].filter(([path]) => path.startsWith('.refused['));
  expect(refused.length).toBe(16);
  expect(refused.filter(([, text]) => text === "'nothing'")).toEqual([]);
});
