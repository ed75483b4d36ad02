import { describe, expect, test } from 'vitest';
import { sample } from './ours/sample.js';
import { expectSameBits } from './parity.js';

describe.each([false, true])('a generator of its own: %s', (ownGenerator) => {
  test.each([
    ['shuffled', { shuffle: true, dropLast: false }],
    ['shuffled, the last batch dropped', { shuffle: true, dropLast: true }],
    ['in order: the base seed is drawn all the same', { shuffle: false, dropLast: false }],
    ['drawn with replacement', { shuffle: false, dropLast: false, replaced: 70 }],
  ])('%s', async (_name, options) => {
    const compared = await expectSameBits(sample, { count: 103, batchSize: 10, ownGenerator, ...options });
    const first = [0, 1, 2].map((epoch) => compared.get(`.epochs[${epoch}].batches[0][0]`));
    const random = options.shuffle || 'replaced' in options;
    expect(new Set(first).size, 'different orders').toBe(random ? 3 : 1);
    expect(compared.get('.own')?.startsWith('uint8')).toBe(ownGenerator);
  });
});
