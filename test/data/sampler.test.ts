import * as torch from 'libtorch-node';
import { expect, it } from 'vitest';

const { BatchSampler, RandomSampler, SequentialSampler } = torch.data;

const sized = (length: number) => ({ length });

it('walks in order', () => {
  const sampler = new SequentialSampler(sized(4));
  expect([...sampler]).toEqual([0, 1, 2, 3]);
  expect(sampler.length).toBe(4);
});

// The orders below are Python's, torch 2.13.0, at the same seed.
it('draws with replacement in blocks of 32, as Python', () => {
  torch.manualSeed(0);
  const sampler = new RandomSampler(sized(7), { replacement: true, numSamples: 40 });
  expect([...sampler]).toEqual([
    0, 4, 0, 4, 2, 4, 1, 2, 0, 1, 1, 6, 1, 0, 1, 1, 3, 1, 4, 2, 2, 0, 4, 1, 5, 1, 0, 5, 1, 3, 5, 6, 3, 3, 3,
    1, 3, 3, 6, 2,
  ]);
});

it('goes through as many permutations as numSamples needs', () => {
  torch.manualSeed(0);
  const sampler = new RandomSampler(sized(4), { numSamples: 10 });
  expect([...sampler]).toEqual([2, 3, 0, 1, 1, 0, 3, 2, 1, 0]);
  expect(sampler.length).toBe(10);
});

it('draws from a given generator only when an index is asked for', () => {
  const generator = new torch.Generator().manualSeed(3);
  const state = () => generator.getState().tolist();
  const initial = state();
  const indices = new RandomSampler(sized(3), { generator })[Symbol.iterator]();
  expect(state()).toEqual(initial);
  indices.next();
  const permuted = state();
  expect(permuted).not.toEqual(initial);
  indices.next();
  indices.next();
  expect(state()).toEqual(permuted);
  expect(indices.next().done).toBe(true);
  expect(state()).not.toEqual(permuted);
});

it('leaves a given generator alone that belongs to another sampler', () => {
  torch.manualSeed(1);
  const generator = new torch.Generator();
  const before = torch.getRngState();
  const order = [...new RandomSampler(sized(20), { generator })];
  expect(torch.equal(torch.getRngState(), before)).toBe(true);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

it.each([
  [{ batchSize: 3 }, [[0, 1, 2], [3, 4, 5], [6]], 3],
  [
    { batchSize: 3, dropLast: true },
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
    2,
  ],
  [{ batchSize: 7 }, [[0, 1, 2, 3, 4, 5, 6]], 1],
  [{ batchSize: 8, dropLast: true }, [], 0],
])('groups 7 indices by %o', (options, batches, length) => {
  const sampler = new BatchSampler(new SequentialSampler(sized(7)), options);
  expect([...sampler]).toEqual(batches);
  expect(sampler.length).toBe(length);
});

it('refuses what Python refuses, in its words', () => {
  const positive = /num_samples should be a positive integer value, but got num_samples=/;
  expect(() => new RandomSampler(sized(0))).toThrow(`${positive.source}0`);
  expect(() => new RandomSampler(sized(3), { numSamples: -1 })).toThrow(positive);
  expect(() => new RandomSampler(sized(3), { numSamples: 1.5 })).toThrow(torch.ValueError);
  expect(() => new RandomSampler(sized(3), { replacement: 1 as never })).toThrow(
    'replacement should be a boolean value, but got replacement=1',
  );
  expect(() => new BatchSampler([0], { batchSize: 0 })).toThrow(
    'batch_size should be a positive integer value, but got batch_size=0',
  );
  expect(() => new BatchSampler([0], { batchSize: 1, dropLast: 'no' as never })).toThrow(
    'drop_last should be a boolean value, but got drop_last=no',
  );
  expect(() => new BatchSampler(new Set([0]), { batchSize: 1 }).length).toThrow(
    "object of type 'Set' has no len()",
  );
});
