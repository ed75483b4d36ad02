import { getHeapStatistics } from 'node:v8';

import { LimitExceededError } from './errors.js';

// What a file may ask for. All of it is far beyond what PyTorch writes.

/** Records of an archive. */
export const MOST_RECORDS = 1_000_000;

/** Bytes of a pickle. */
export const LONGEST_PICKLE = 1 << 30;

// A Map takes some 250 bytes and an opcode of one byte makes it; a heap that overflows ends the process.
const HEAP_PER_OBJECT = 1000;

/** Objects that a pickle may make. */
export const MOST_OBJECTS = Math.floor(getHeapStatistics().heap_size_limit / HEAP_PER_OBJECT);

/** Levels that the values of a file are followed down. */
export const DEEPEST = 400;

// Zeros deflate to a thousandth, so this much is free, and a hundred times the size of the file on top.
const FREE_INFLATION = 1 << 24;
const FREE_PICKLE = 1 << 20;
const MOST_INFLATION = 100;

interface Record {
  readonly name: string;
  readonly method: number;
  readonly size: number;
  readonly compressedSize: number;
}

/** @throws LimitExceededError when the records of an archive of `size` bytes unpack to more than the limits */
export function checkLimits(size: number, records: readonly Record[]): void {
  const deflated = records.filter(({ method }) => method !== 0);
  requireAtMost('its records', sum(deflated), FREE_INFLATION + MOST_INFLATION * size);
  // What is in a pickle takes many times its size.
  const pickles = deflated.filter(({ name }) => name.endsWith('.pkl'));
  for (const pickle of pickles) {
    requireAtMost(pickle.name, pickle.size, FREE_PICKLE + MOST_INFLATION * pickle.compressedSize);
  }
}

function sum(records: readonly Record[]): number {
  return records.reduce((total, record) => total + record.size, 0);
}

function requireAtMost(what: string, inflated: number, limit: number): void {
  if (inflated <= limit) return;
  throw new LimitExceededError(
    `${what} would unpack to ${inflated} bytes, and ${limit} are allowed for what was compressed so far down. If you ` +
      'trust the file, unpack it and pack it again without compression (zip -0 -r)',
  );
}

/** How much the calls of a pickle may copy: a few bytes of it can ask for the same large object again and again. */
export class CopyBudget {
  #left: number;

  /** @param size of the pickle in bytes */
  constructor(size: number) {
    this.#left = (1 << 20) + 4 * size;
  }

  /** @throws LimitExceededError when the arguments of calls add up to more than the pickle lets expect */
  spend(args: readonly unknown[]): void {
    for (const argument of args) this.#left -= lengthOf(argument);
    if (this.#left < 0)
      throw new LimitExceededError('its pickle asks for copies of the same objects without end');
  }
}

function lengthOf(value: unknown): number {
  if (value instanceof Map || value instanceof Set) return value.size;
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return value instanceof Uint8Array ? value.byteLength : 0;
}
