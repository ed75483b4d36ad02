// What an option's value must be; the command line and the API refuse in the same words. Loads nothing native.

import { ValueError } from '../errors.js';

/** @throws ValueError naming the option unless `value` is an integer from `least` on */
export function integerOption(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new ValueError(`${name} must be an integer, ${least} or more, got ${value}`);
}

/** @throws ValueError naming the option unless `value` is a finite number above 0 */
export function positiveOption(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new ValueError(`${name} must be a number above 0, got ${value}`);
}

/** @throws ValueError naming the option and its values unless `value` is one of them */
export function choiceOption<T extends string>(name: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  throw new ValueError(`${name} must be one of ${choices.join(', ')}, got '${value}'`);
}
