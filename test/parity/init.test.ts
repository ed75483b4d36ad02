import * as torch from 'libtorch-node';
import { describe, expect, test } from 'vitest';
import { gains } from './ours/gains.js';
import { type InitializeParams, initialize } from './ours/initialize.js';
import { expectSameBits } from './parity.js';

const shape = [12, 6, 3, 3];

const calls: InitializeParams[] = [
  { initializer: 'uniform_', shape },
  { initializer: 'uniform_', shape, args: [-0.3, 0.7], ownGenerator: true },
  { initializer: 'normal_', shape },
  { initializer: 'normal_', shape: [5], args: [0.5, 0.01], ownGenerator: true },
  { initializer: 'constant_', shape, args: [0.1] },
  { initializer: 'ones_', shape },
  { initializer: 'zeros_', shape },
  ...['xavierUniform_', 'xavierNormal_'].flatMap((initializer) => [
    { initializer, shape },
    { initializer, shape: [40, 30], options: { gain: 5 / 3 }, ownGenerator: true },
  ]),
  ...['kaimingUniform_', 'kaimingNormal_'].flatMap((initializer) => [
    { initializer, shape },
    { initializer, shape, options: { a: 0.2, mode: 'fan_out' }, ownGenerator: true },
    { initializer, shape: [728, 1, 3, 3], options: { mode: 'fan_out', nonlinearity: 'relu' } },
    { initializer, shape: [20, 30], options: { nonlinearity: 'tanh' } },
  ]),
  { initializer: 'truncNormal_', shape },
  { initializer: 'truncNormal_', shape, args: [0.5, 1.5, -0.4, 1], ownGenerator: true },
  { initializer: 'truncNormal_', shape: [40], args: [0, 1, 3, 4] },
  { initializer: 'truncNormal_', shape: [50, 3], args: [0, 0.02] },
  { initializer: 'eye_', shape: [4, 6] },
  { initializer: 'dirac_', shape },
  { initializer: 'dirac_', shape: [6, 3, 4], options: { groups: 3 } },
  { initializer: 'orthogonal_', shape },
  { initializer: 'orthogonal_', shape: [4, 9], options: { gain: 0.3 }, ownGenerator: true },
  { initializer: 'sparse_', shape: [10, 5], args: [0.33] },
  { initializer: 'sparse_', shape: [10, 5], args: [0.5], options: { std: 2 }, ownGenerator: true },
];

const rectifiers = ['sigmoid', 'tanh', 'relu', 'leaky_relu', 'selu'];
const layers = [
  'linear',
  'conv1d',
  'conv2d',
  'conv3d',
  'conv_transpose1d',
  'conv_transpose2d',
  'conv_transpose3d',
];

test.each(calls)('$initializer $shape $args $options', async (params) => {
  const compared = await expectSameBits(initialize, params);
  expect(compared.get('.tensor')).toMatch(`float32 [${params.shape.join(', ')}]`);
});

describe('the numbers behind', () => {
  test('gains and fans', async () => {
    const shapes = [
      [3, 4],
      [8, 1, 3, 3],
      [32, 3, 3, 3],
      [5, 6, 7],
      [0, 4],
    ];
    const slopes = Array.from({ length: 500 }, (_, index) => index / 250);
    await expectSameBits(gains, { nonlinearities: [...rectifiers, ...layers], slopes, shapes });
  });

  test('every function is compared', () => {
    const compared = [
      ...calls.map(({ initializer }) => initializer),
      'calculateGain',
      'calculateFanInAndFanOut',
    ];
    // The old names are the same functions (test/nn/init.test.ts).
    const names = Object.keys(torch.nn.init).filter((name) => !(`${name}_` in torch.nn.init));
    expect(names.filter((name) => !compared.includes(name))).toEqual([]);
  });
});
