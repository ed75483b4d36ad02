// @ts-check

/**
 * How much is checked.
 * @typedef {object} Plan
 * @property {readonly string[]} suites test files that take their device from LIBTORCH_NODE_TEST_DEVICE
 * @property {readonly string[]} overfit arguments of `xception overfit`
 * @property {{ loss: number, accuracy: number } | null} learned what its end must reach
 * @property {readonly { name: string, settings: object, rounds: number }[]} speed runs of bench/programs/xception
 * @property {{ time: number, memory: number } | null} limits ours / Python, at most
 */

/** What the device decides: construction, draws, layers, training, operators, optimizers, files, streams, memory. */
const suites = [
  'test/parity/device.test.ts',
  'test/parity/construct.test.ts',
  'test/parity/init.test.ts',
  'test/parity/layers.test.ts',
  'test/parity/step.test.ts',
  'test/parity/optim.test.ts',
  'test/parity/amp.test.ts',
  'test/parity/average.test.ts',
  'test/parity/toolbox.test.ts',
  'test/parity/checkpoint.test.ts',
  'test/parity/worker.test.ts',
  'test/parity/modules/modules.test.ts',
  'test/parity/opinfo/opinfo.test.ts',
  'test/parity/optimizers/optimizers.test.ts',
  'test/cuda',
];

const training = { mode: 'train', channelsLast: true };

/** @type {Record<'cuda' | 'cpu' | 'short', Plan>} */
export const plans = {
  cuda: {
    suites,
    overfit: ['--size', '299', '--epochs', '50'],
    learned: { loss: 0.05, accuracy: 0.99 },
    speed: [
      {
        name: 'train step, 299 px, batch 32',
        settings: { ...training, size: 299, batch: 32, passes: 15 },
        rounds: 3,
      },
      {
        name: 'train step in bfloat16',
        settings: { ...training, autocast: true, size: 299, batch: 32, passes: 15 },
        rounds: 3,
      },
      {
        name: 'forward, 299 px, batch 32',
        settings: { mode: 'forward', size: 299, batch: 32, passes: 30 },
        rounds: 3,
      },
    ],
    limits: { time: 1.1, memory: 1.15 },
  },
  cpu: {
    suites,
    overfit: ['--size', '96', '--epochs', '50'],
    learned: { loss: 0.05, accuracy: 0.99 },
    speed: [
      {
        name: 'train step, 128 px, batch 8',
        settings: { ...training, size: 128, batch: 8, passes: 6 },
        rounds: 3,
      },
    ],
    limits: { time: 1.1, memory: 1.15 },
  },
  short: {
    suites: ['test/parity/device.test.ts'],
    overfit: ['--data', 'examples/photos/val', '--size', '48', '--epochs', '1', '--batch-size', '4'],
    learned: null,
    speed: [
      {
        name: 'train step, 64 px, batch 2',
        settings: { ...training, size: 64, batch: 2, passes: 2 },
        rounds: 1,
      },
    ],
    limits: null,
  },
};
