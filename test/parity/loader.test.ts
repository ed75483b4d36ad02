import { expect, test } from 'vitest';
import { type LoaderParams, loader } from './ours/loader.js';
import { expectSame, reference } from './parity.js';
import { perform } from './perform.js';

type Case = Omit<LoaderParams, 'epochs' | 'threads'>;

const cases: Case[] = [
  { kind: 'map', length: 22, options: { batchSize: 4, shuffle: true } },
  { kind: 'map', length: 22, options: { batchSize: 4, shuffle: true, numWorkers: 2 } },
  { kind: 'map', length: 22, options: { batchSize: 4, shuffle: true, numWorkers: 2 }, seed: 5 },
  {
    kind: 'map',
    length: 23,
    options: { batchSize: 3, shuffle: true, numWorkers: 2, dropLast: true, prefetchFactor: 5 },
  },
  {
    kind: 'map',
    length: 22,
    options: { batchSize: 4, shuffle: true, numWorkers: 2, persistentWorkers: true },
  },
  { kind: 'map', length: 7, options: { batchSize: null, numWorkers: 2 } },
  { kind: 'iterable', length: 21, options: { batchSize: 4 } },
  { kind: 'iterable', length: 21, options: { batchSize: 4, dropLast: true } },
  { kind: 'iterable', length: 41, options: { batchSize: 4, numWorkers: 2 } },
  {
    kind: 'iterable',
    length: 41,
    options: { batchSize: 3, numWorkers: 2, dropLast: true, persistentWorkers: true },
  },
  { kind: 'iterable', length: 9, options: { batchSize: null, numWorkers: 2 } },
];

const named = cases.map((each) => ({ ...each, text: JSON.stringify([each.options, each.seed]) }));

test.each(named)('$kind dataset, $text, 3 epochs', async ({ text: _, ...params }) => {
  const theirs = await reference('loader', { ...params, epochs: 3 });
  for (const threads of params.options.numWorkers ? [false, true] : [false]) {
    const ours = await perform(loader, { seed: 0, threads: 1 }, { ...params, threads, epochs: 3 });
    expect(expectSame(ours, theirs).size).toBeGreaterThan(80);
  }
});
