import { ValueError } from '../errors.js';
import { valueText } from '../python-text.js';
import { type Hyperparameter, numberOf } from './hyperparameter.js';

/** Throws ValueError `Invalid NAME: VALUE`, for NaN too. */
export function requireNonNegative(name: string, value: Hyperparameter): void {
  if (!(numberOf(value) >= 0)) throw new ValueError(`Invalid ${name}: ${valueText(value)}`);
}

/** Throws ValueError unless both lie in [0, 1). */
export function requireBetas(betas: readonly Hyperparameter[]): void {
  for (const [index, beta] of betas.entries()) {
    const value = numberOf(beta);
    if (!(value >= 0 && value < 1)) {
      throw new ValueError(`Invalid beta parameter at index ${index}: ${valueText(beta)}`);
    }
  }
}
