import { expect, test } from 'vitest';
import { sampling } from './ours/sampling.js';
import { expectSameBits } from './parity.js';

test('samplers, splits and composed datasets', async () => {
  const compared = await expectSameBits(sampling, {});
  expect(compared.get('.weighted')).toBe('list of 12');
  expect(compared.get('.stacked[1]')).toBe('tuple of 2');
});
