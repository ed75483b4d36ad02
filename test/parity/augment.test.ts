import { expect, test } from 'vitest';
import { augment } from './ours/augment.js';
import { expectSame, reference } from './parity.js';
import { perform } from './perform.js';

const params = { length: 26, size: 24, batchSize: 4, epochs: 3 };

test.each([
  { numWorkers: 0, ways: [false] },
  { numWorkers: 2, ways: [false, true] },
])('augmented images of 3 shuffled epochs, $numWorkers workers', async ({ numWorkers, ways }) => {
  const theirs = await reference('augment', { ...params, numWorkers });
  for (const threads of ways) {
    const ours = await perform(augment, { seed: 0, threads: 1 }, { ...params, numWorkers, threads });
    const compared = expectSame(ours, theirs);
    expect(compared.get('.seen')).toBe('list of 21');
    const images = [...compared].filter(([path]) => path.endsWith('.image'));
    expect(new Set(images.map(([, text]) => text)).size).toBe(21);
  }
});

test('worker threads compute alone, as processes of Python do', async () => {
  // Large enough that two threads would share the sum and give other bits.
  const large = { ...params, length: 4, size: 300, numWorkers: 2, epochs: 1 };
  const theirs = await reference('augment', large, { threads: 2 });
  const ours = await perform(augment, { seed: 0, threads: 2 }, { ...large, threads: true });
  expectSame(ours, theirs);
});
