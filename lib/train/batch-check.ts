import { ValueError } from '../errors.js';

/** Xception halves height and width five times, rounding up. */
function lastMapSize(size: number): number {
  let side = size;
  for (let halving = 0; halving < 5; halving += 1) side = Math.ceil(side / 2);
  return side;
}

/**
 * Refuses up front what BatchNorm would refuse in the middle of an epoch: a batch of one photo whose last maps have
 * one pixel, so that there is one value per channel.
 *
 * @throws ValueError with the smallest size, or a batch size, that works
 */
export function checkBatches({
  count,
  batchSize,
  size,
}: {
  count: number;
  batchSize: number;
  size: number;
}): void {
  const last = count % batchSize || batchSize;
  if (last > 1 || lastMapSize(size) > 1) return;
  const where =
    batchSize === 1 ? 'a batch has one photo' : `the last of ${count} photos is a batch of its own`;
  throw new ValueError(
    `size ${size} is too small: the last maps are 1×1 and ${where}, so BatchNorm gets one value per channel; ` +
      `use size 33 or more, or batch size ${workingBatchSize(count, batchSize)}`,
  );
}

function workingBatchSize(count: number, batchSize: number): number {
  for (let candidate = Math.max(batchSize, 2); ; candidate += 1) {
    if (candidate >= count || count % candidate !== 1) return Math.min(candidate, Math.max(count, 2));
  }
}
