import { describe, expect, test } from 'vitest';
import { average } from './ours/average.js';
import { expectSameBits } from './parity.js';

describe('AveragedModel', () => {
  test.each(
    (['plain', 'swa multi', 'ema', 'ema multi'] as const).flatMap((kind) =>
      // Python's own function refuses to average an integer, batches seen say, by addcdiv.
      (kind === 'swa multi' ? [false] : [false, true]).map((useBuffers) => ({ kind, useBuffers })),
    ),
  )('$kind, buffers averaged: $useBuffers', async (params) => {
    const compared = await expectSameBits(average, { ...params, steps: 7 });
    expect(compared.get('.state.n_averaged')).toContain('int64 []');
    expect(compared.get('.state.module.0.weight')).not.toBe(compared.get('.before.module.0.weight'));
  });
});
