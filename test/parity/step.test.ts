import { describe, expect, test } from 'vitest';
import { step } from './ours/step.js';
import { expectSameBits } from './parity.js';

const model = { numClasses: 10 };

describe.each(['contiguous_format', 'channels_last'] as const)('%s', (memoryFormat) => {
  test.each([1, 2])('a training step and an evaluation, %i threads', async (threads) => {
    const compared = await expectSameBits(step, { model, memoryFormat, size: 64, batch: 4 }, { threads });
    expect(compared.get('.gradients')).toBe('dict of 156');
    expect(compared.get('.state')).toBe('dict of 276');
  });
});

test.each([
  ["the report's shared middle blocks", { sharedMiddle: true, init: 'default' }],
  ["the paper's stem, dropout, one channel", { stemPadding: 0, dropRate: 0.5, inChannels: 1 }],
  ["Keras' BatchNorm", { batchNorm: { eps: 1e-3, momentum: 0.01 } }],
  ['a plain average in BatchNorm', { batchNorm: { momentum: null } }],
] as const)('%s', async (_name, options) => {
  await expectSameBits(step, {
    model: { ...model, ...options },
    memoryFormat: 'channels_last',
    size: 71,
    batch: 2,
  });
});
