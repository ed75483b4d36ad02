import { expect, test } from 'vitest';
import { construct } from './ours/construct.js';
import { expectSameBits } from './parity.js';

// [options, parameters, tensors in the state dict]
test.each([
  [{ init: 'kaiming' }, 22_855_952],
  [{ init: 'default' }, 22_855_952],
  [{ init: 'kaiming', sharedMiddle: true }, 14_248_080],
  [{ init: 'default', sharedMiddle: true }, 14_248_080],
  [{ init: 'kaiming', numClasses: 10, inChannels: 1, stemPadding: 0, dropRate: 0.5 }, 20_826_866],
] as const)('Xception(%o) draws what PyTorch draws', async (options, parameters) => {
  const compared = await expectSameBits(construct, options, { seed: 42 });
  expect(compared.get('.state')).toBe('dict of 276');
  expect(compared.get('.numel')).toBe(String(parameters));
});

test('another seed draws other weights', async () => {
  const weights = new Set<string | undefined>();
  for (const seed of [0, 1, 2 ** 40 + 5, -1]) {
    const compared = await expectSameBits(construct, { init: 'default' }, { seed });
    weights.add(compared.get('.state.fc.weight'));
  }
  expect(weights.size).toBe(4);
});
