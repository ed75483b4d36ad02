import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ValueError } from '../errors.js';
import { integerOption } from './option-checks.js';
import type { Summary } from './summary.js';

export interface Labels {
  /** By the index of the network's output. */
  readonly classes: readonly string[];
  /** Side of the network's input, in pixels. */
  readonly size: number;
}

/**
 * The names of the classes and the size of the photos: those given, else those of the run, in the summary.json beside
 * the weights.
 *
 * @throws ValueError when something is neither given nor there, or the names are not as many as the outputs
 */
export function labelsOf(weights: string, outputs: number, given: Partial<Labels>): Labels {
  const needed = given.classes === undefined || given.size === undefined;
  const run = needed ? readSummary(join(dirname(weights), 'summary.json')) : {};
  const classes = given.classes ?? run.classes;
  const size = given.size ?? run.preprocessing?.size;
  if (classes === undefined || size === undefined) {
    throw new ValueError(
      `there is no summary.json beside ${weights} that says them: give the classes and the size of the training`,
    );
  }
  requireCount(weights, outputs, classes);
  return { classes, size: integerOption('size', size, 1) };
}

/** Converted weights bring no names: without those given, the classes are called by their numbers. */
export function labelsOfConverted(
  weights: string,
  outputs: number,
  { classes = Array.from({ length: outputs }, (_, index) => `class ${index}`), size }: Partial<Labels>,
): Labels {
  requireCount(weights, outputs, classes);
  return { classes, size: integerOption('size', size as number, 1) };
}

function requireCount(weights: string, outputs: number, { length }: readonly string[]): void {
  if (length === outputs) return;
  throw new ValueError(`${weights} tells ${outputs} classes apart, but there are ${length} names`);
}

function readSummary(path: string): Partial<Summary> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Summary;
  } catch {
    return {};
  }
}
