import { int64 } from '../dtype.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { Generator } from '../random.js';

export type { Generator };

/**
 * One draw of 64 bits, as DataLoader and RandomSampler make it: a seed in `[0, 2^63)`, taken from `generator` or,
 * where there is none, from the default generator.
 */
export function drawSeed(generator: Generator | null): bigint {
  let seed: number | bigint | boolean = 0;
  scope(() => {
    seed = aten.empty([], { dtype: int64 }).random_({ generator }).item() as number | bigint;
  });
  return BigInt(seed);
}

/** A new generator, seeded from the default one. */
export function seededGenerator(): Generator {
  const generator = new Generator();
  generator.manualSeed(drawSeed(null));
  return generator;
}
