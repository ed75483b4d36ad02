import { describe, expect, test } from 'vitest';
import { functional } from './ours/functional.js';
import { type LayerParams, layer } from './ours/layer.js';
import { type LossParams, loss } from './ours/loss.js';
import { expectSameBits } from './parity.js';

const image = [2, 4, 9, 10];

const layers: LayerParams[] = [
  ...[
    {},
    { stride: 2, padding: 1 },
    { stride: [1, 2], padding: [2, 0], dilation: [1, 2] },
    { groups: 4, bias: false, padding: 1 },
    { groups: 2 },
    { padding: 'same', dilation: 2 },
    { padding: 'valid' },
    { padding: 1, paddingMode: 'reflect' },
    { padding: [2, 1], paddingMode: 'replicate' },
    { padding: 'same', paddingMode: 'circular' },
  ].map((options) => ({ layer: 'Conv2d', args: [4, 8, 3], options, input: image })),
  {
    layer: 'Conv2d',
    args: [4, 6, [1, 3]],
    options: { bias: false },
    input: image,
    memoryFormat: 'channels_last',
  },
  { layer: 'Conv2d', args: [4, 6, 3], input: image, dtype: 'float64' },
  ...[
    {},
    { eps: 1e-3, momentum: 0.01 },
    { momentum: null },
    { affine: false },
    { trackRunningStats: false },
    { bias: false },
  ].map((options) => ({ layer: 'BatchNorm2d', args: [4], options, input: image })),
  { layer: 'BatchNorm2d', args: [4], input: image, memoryFormat: 'channels_last' },
  { layer: 'BatchNorm2d', args: [4], input: image, dtype: 'float64' },
  { layer: 'ReLU', input: image },
  { layer: 'ReLU', options: { inplace: true }, input: image },
  ...[{}, { stride: 2, padding: 1 }, { stride: [2, 1], dilation: 2 }, { stride: 2, ceilMode: true }].map(
    (options) => ({
      layer: 'MaxPool2d',
      args: [3],
      options,
      input: image,
    }),
  ),
  { layer: 'MaxPool2d', args: [[2, 3]], input: image, memoryFormat: 'channels_last' },
  { layer: 'AdaptiveAvgPool2d', args: [1], input: image },
  { layer: 'AdaptiveAvgPool2d', args: [1], input: image, memoryFormat: 'channels_last' },
  { layer: 'AdaptiveAvgPool2d', args: [[3, null]], input: image },
  { layer: 'Linear', args: [10, 6], input: image },
  { layer: 'Linear', args: [10, 6], options: { bias: false }, input: [5, 10] },
  { layer: 'Linear', args: [10, 6], input: [5, 10], dtype: 'float64' },
  { layer: 'Dropout', input: image },
  { layer: 'Dropout', args: [0.2], options: { inplace: true }, input: image, memoryFormat: 'channels_last' },
  { layer: 'Dropout', args: [0], input: image },
  { layer: 'Dropout', args: [1], input: image },
  { layer: 'Flatten', input: image },
  { layer: 'Flatten', args: [0, 2], input: image },
  { layer: 'Identity', input: image },
];

const losses: LossParams[] = [
  { options: {}, shape: [6, 5] },
  { options: { reduction: 'sum' }, shape: [6, 5], weight: [0.1, 0.2, 0.3, 0.4, 0.5] },
  { options: { reduction: 'none', ignoreIndex: 2 }, shape: [3, 5, 4, 4] },
  { options: { labelSmoothing: 0.1 }, shape: [6, 5], weight: [0.1, 0.2, 0.3, 0.4, 0.5] },
  { options: { labelSmoothing: 0.1 }, shape: [6, 5], soft: true },
];

const named = (params: {
  layer: string;
  args?: unknown[];
  options?: object;
  dtype?: string;
  memoryFormat?: string;
}) =>
  [JSON.stringify(params.args ?? []), JSON.stringify(params.options ?? {}), params.dtype, params.memoryFormat]
    .filter(Boolean)
    .join(' ');

describe('a layer prints, draws, computes and differentiates as in PyTorch', () => {
  test.each(layers.map((params) => [params.layer, named(params), params] as const))(
    '%s %s',
    async (_name, _options, params) => {
      const compared = await expectSameBits(layer, params);
      expect(compared.get('.output')).toMatch(/^float(32|64) \[/);
    },
  );
});

test.each(losses)('CrossEntropyLoss $options, weight $weight', async (params) => {
  await expectSameBits(loss, params);
});

test('nn.functional', async () => {
  const compared = await expectSameBits(functional, {});
  expect(compared.size).toBe(68);
});
