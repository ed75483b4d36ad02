import { expect, test } from 'vitest';
import { device } from './device.mjs';
import { construct } from './ours/construct.js';
import { optimize } from './ours/optimize.js';
import { sample } from './ours/sample.js';
import { step } from './ours/step.js';
import { expectSameBitsInWorker } from './parity.js';

test('construction', async () => {
  const compared = await expectSameBitsInWorker(construct, { init: 'kaiming', numClasses: 10 }, { seed: 7 });
  expect(compared.get('.state')).toBe('dict of 276');
});

test.each([1, 2])('a training step and an evaluation, %i threads', async (threads) => {
  const model = { numClasses: 10 };
  await expectSameBitsInWorker(
    step,
    { model, memoryFormat: 'channels_last', size: 64, batch: 4 },
    { threads },
  );
});

test('200 steps of Adam', async () => {
  const options = { amsgrad: true, weightDecay: 1e-2 };
  await expectSameBitsInWorker(optimize, { optimizer: 'Adam', options, dtype: 'float64', steps: 200 });
});

// Python's samplers cannot draw where the default device is not the CPU.
test.skipIf(device !== 'cpu')('the order of samples', async () => {
  const order = { shuffle: true, dropLast: false, ownGenerator: false };
  await expectSameBitsInWorker(sample, { count: 103, batchSize: 10, ...order });
});
