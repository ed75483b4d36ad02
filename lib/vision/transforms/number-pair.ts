import { ValueError } from '../../errors.js';

/**
 * One number for both, or two (torchvision's `_setup_number_or_seq`).
 *
 * @throws ValueError on a list of another length
 */
export function numberPair(value: number | readonly number[], name: string): [number, number] {
  if (typeof value === 'number') return [value, value];
  const [first, second = first] = value;
  if (first === undefined || second === undefined || value.length > 2) {
    throw new ValueError(`If ${name} is a sequence its length should be 1 or 2. Got ${value.length}`);
  }
  return [first, second];
}

/**
 * A list of one of the given lengths.
 *
 * @throws ValueError on another length
 */
export function listOf(
  value: readonly number[],
  name: string,
  lengths: readonly number[],
): readonly number[] {
  if (lengths.includes(value.length)) return value;
  throw new ValueError(`${name} should be a sequence of length ${lengths.join(' or ')}.`);
}

/**
 * Degrees from `-value` to `value`, or a list of one of the given lengths (torchvision's `_setup_angle`).
 *
 * @throws ValueError on a negative number or a list of another length
 */
export function angleRange(
  value: number | readonly number[],
  name: string,
  lengths: readonly number[],
): readonly number[] {
  if (typeof value !== 'number') return listOf(value, name, lengths);
  if (value < 0) throw new ValueError(`If ${name} is a single number, it must be positive.`);
  // Not -0 for 0.
  return [0 - value, value];
}
