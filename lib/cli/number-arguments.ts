import { InvalidArgumentError } from 'commander';

import { integerOption, positiveOption } from '../train/option-checks.js';

/** A parser for commander: text to a number that `check` lets through. */
function numeric(check: (value: number) => number): (text: string) => number {
  return (text) => {
    try {
      // Number('') is 0.
      return check(text.trim() === '' ? Number.NaN : Number(text));
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message.replace(/, got .*/, '.'));
    }
  };
}

export const positiveInteger = numeric((value) => integerOption('It', value, 1));
export const naturalNumber = numeric((value) => integerOption('It', value, 0));
export const positiveNumber = numeric((value) => positiveOption('It', value));
