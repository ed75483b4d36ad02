// Values of the options that the long-running checks take.
import { InvalidArgumentError } from 'commander';

export function count(text) {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError('It must be a whole number.');
  }
  return value;
}

export const names = (text) => text.split(',');
