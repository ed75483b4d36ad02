import { tensor } from '../../creation.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { roundHalfEven, sqrt } from '../../python-number.js';
import { Tuple } from '../../tuple.js';
import { warn } from '../../warn.js';
import { uniform } from '../draws.js';

/** The least and the most. */
export type Range = readonly [number, number];

/** A range as Python prints its defaults: a tuple. */
export function pair(least: number, most: number): Range {
  return Tuple.of(least, most) as readonly number[] as Range;
}

/** Warns, as torchvision does, where the least is more than the most. */
export function warnOfOrder(...ranges: readonly Range[]): void {
  if (ranges.some(([least, most]) => least > most)) warn('Scale and ratio should be of kind (min, max)');
}

/**
 * Draws a part of an area and the ratio of two sides; the sides' product is that part of the area.
 *
 * @returns the longer side where the ratio is above 1, and the other one
 */
export function drawSides(area: number, scale: Range, ratio: Range): [number, number] {
  const part = area * uniform(...scale);
  const drawn = scope(() => {
    const [least, most] = tensor(ratio).log().tolist() as [number, number];
    return aten.exp(tensor([uniform(least, most)])).item() as number;
  });
  return [roundHalfEven(sqrt(part * drawn)), roundHalfEven(sqrt(part / drawn))];
}
