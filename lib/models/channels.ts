import { floorDiv } from '../python-number.js';

/**
 * The multiple of 8 nearest to a number of channels that a width multiplier gave, but never less than 0.9 of it
 * (Sandler et al. 2018, their code).
 */
export function multipleOf8(channels: number): number {
  const nearest = Math.max(8, floorDiv(channels + 4, 8) * 8);
  return nearest < 0.9 * channels ? nearest + 8 : nearest;
}
