// What is made on the CPU and computed on another device. LIBTORCH_NODE_TEST_DEVICE=cuda is that device in npm run
// accept:cuda; without it some of the same programs run on the CPU.

import { describe, expect, test } from 'vitest';
import { device } from './device.mjs';
import { deliver } from './ours/deliver.js';
import { draw } from './ours/draw.js';
import { occupy } from './ours/occupy.js';
import { type TransferParams, transfer } from './ours/transfer.js';
import { expectSameBits } from './parity.js';

/** Nothing is made on the device that does not name it. */
const onCpu = { device: 'cpu' };
const isCpu = device === 'cpu';
const shape = { device, size: isCpu ? 32 : 128, batch: isCpu ? 2 : 4, steps: isCpu ? 2 : 8 };

type Case = Pick<TransferParams, 'optimizer' | 'options' | 'autocast' | 'memoryFormat'>;

const plain = { autocast: null, memoryFormat: 'contiguous_format' } as const;
const sgd = { optimizer: 'SGD', options: { lr: 0.01, momentum: 0.9 } } as const;

const cases: Case[] = [
  { optimizer: 'AdamW', options: { lr: 1e-3 }, ...plain },
  { ...sgd, autocast: 'float16', memoryFormat: 'contiguous_format' },
];

// Where the CPU has no path of its own: foreach by default, cuDNN's two layouts.
const onDevice: Case[] = [
  { optimizer: 'SGD', options: { lr: 0.045, momentum: 0.9, nesterov: true, weightDecay: 1e-5 }, ...plain },
  { optimizer: 'Adam', options: { lr: 1e-3, amsgrad: true }, ...plain },
  { optimizer: 'Adam', options: { lr: 1e-3, fused: true }, ...plain },
  { optimizer: 'RMSprop', options: { lr: 1e-3, momentum: 0.9 }, ...plain },
  { ...sgd, autocast: null, memoryFormat: 'channels_last' },
  { ...sgd, autocast: 'float16', memoryFormat: 'channels_last' },
  { ...sgd, autocast: 'bfloat16', memoryFormat: 'channels_last' },
];

describe('Xception, made on the CPU and trained on the device', () => {
  test.each(isCpu ? cases : [...cases, ...onDevice])(
    '$optimizer($options), autocast $autocast, $memoryFormat',
    async (params) => {
      const compared = await expectSameBits(transfer, { ...shape, ...params }, onCpu);
      expect(compared.get('.arrived')).toBe('dict of 276');
      expect(compared.get('.gradients')).toBe('dict of 156');
      expect(compared.get('.trajectory')).toBe(`list of ${shape.steps}`);
    },
  );
});

test('random numbers, of the default generator and of one of its own', async () => {
  const compared = await expectSameBits(draw, { device }, onCpu);
  expect(compared.get('.dropout')).toMatch(/^float32 \[40, 50\]/);
});

test.each([false, true])('batches that go to the device without waiting, pinned: %s', async (pinMemory) => {
  const compared = await expectSameBits(deliver, { device, pinMemory }, onCpu);
  expect(compared.get('.pinned[0]')).toBe(pinMemory && !isCpu ? 'True' : 'False');
  expect(compared.get('.where[4]')).toBe(`'${device}'`);
});

test.runIf(!isCpu)('streams, events, memory statistics, properties, flags', async () => {
  const compared = await expectSameBits(occupy, {}, onCpu);
  expect(compared.get('.queried[1]')).toBe('True');
});
