import { describe, expect, test } from 'vitest';
import { autocast } from './ours/autocast.js';
import { custom } from './ours/custom.js';
import { scale } from './ours/scale.js';
import { expectSameBits } from './parity.js';

describe('autocast', () => {
  test.each([true, false])('Xception in bfloat16, 3 steps, cache %s', async (cacheEnabled) => {
    const compared = await expectSameBits(autocast, { steps: 3, size: 32, batch: 2, cacheEnabled });
    expect(compared.get('.dtypes[0]')).toBe("'bfloat16'");
    expect(compared.get('.dtypes[1]')).toBe("'float32'");
    expect(compared.get('.dtypes[2]')).toBe("'float32'");
  });
});

test('autograd.Function under autocast, with setupContext, once differentiable', async () => {
  const compared = await expectSameBits(custom, {});
  expect(compared.get('.underAutocast[0].seen[1][4]')).toBe("'true'");
  expect(compared.get('.underAutocast[2].seen[1][4]')).toBe("'false'");
});

describe('GradScaler, 30 steps', () => {
  test.each([
    { optimizer: 'SGD', options: { lr: 0.05, momentum: 0.9 }, clip: false },
    { optimizer: 'SGD', options: { lr: 0.05 }, clip: true },
    { optimizer: 'Adam', options: {}, clip: true },
    { optimizer: 'Adam', options: { fused: true }, clip: false },
    { optimizer: 'SGD', options: { lr: 0.05, momentum: 0.9, fused: true }, clip: false },
    { optimizer: 'SGD', options: { lr: 0.05, fused: true }, clip: true },
  ] as const)('$optimizer($options), clipped: $clip', async (params) => {
    const compared = await expectSameBits(scale, { ...params, steps: 30 });
    const scales = [...compared].filter(([path]) => /^\.trajectory\[\d+\]\[0\]$/.test(path));
    expect(new Set(scales.map(([, text]) => text)).size).toBeGreaterThan(4);
  });
});
