// What a parity test says: the same program in TypeScript and in Python leaves the same bits.

import { Worker } from 'node:worker_threads';
import { afterAll, expect, vi } from 'vitest';
import { device } from './device.mjs';
import type { Leaf } from './flat.js';
import { type Program, perform } from './perform.js';
import { type Conditions, Python } from './python.js';

// Importing torch alone can take ten seconds on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

let python: Promise<Python> | undefined;

afterAll(async () => (await python?.catch(() => undefined))?.stop());

/** What reference/`program`.py leaves, the state of the default generator included. */
export async function reference(
  program: string,
  params: object,
  conditions?: Partial<Conditions>,
): Promise<Leaf[]> {
  python ??= Python.start();
  return (await python).run(program, complete(conditions), params);
}

const complete = (conditions: Partial<Conditions> = {}): Conditions => ({
  seed: 0,
  threads: 1,
  device,
  ...conditions,
});

/**
 * Runs ours/NAME.ts and reference/NAME.py, where NAME is the program's, from the same seed with the same number of
 * threads, and expects the same bits in the same order, of the default generator too. Answers with what was compared.
 */
export async function expectSameBits<P extends object>(
  program: Program<P>,
  params: P,
  conditions?: Partial<Conditions>,
): Promise<Map<string, string>> {
  const theirs = await reference(program.name, params, conditions);
  return expectSame(await perform(program, complete(conditions), params), theirs);
}

/** The same, ours in a thread of its own. */
export async function expectSameBitsInWorker<P extends object>(
  program: Program<P>,
  params: P,
  conditions?: Partial<Conditions>,
): Promise<Map<string, string>> {
  const theirs = await reference(program.name, params, conditions);
  const workerData = { program: program.name, conditions: complete(conditions), params };
  const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData });
  const ours = await new Promise<Leaf[]>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
    worker.once('exit', (code) =>
      reject(new Error(`the worker ended with exit code ${code} and said nothing`)),
    );
  });
  return expectSame(ours, theirs);
}

/** Fails with the first leaf that differs; answers with the leaves by their paths. */
export function expectSame(ours: Leaf[], theirs: Leaf[]): Map<string, string> {
  const [our, their] = [new Map(ours), new Map(theirs)];
  const paths = [...new Set([...their.keys(), ...our.keys()])];
  const differing = paths.filter((path) => our.get(path) !== their.get(path));
  if (differing.length > 0) {
    const [first] = differing as [string];
    expect.fail(
      `${differing.length} of ${paths.length} values differ, first ${first}\n` +
        `  here:    ${our.get(first) ?? 'is not there'}\n  PyTorch: ${their.get(first) ?? 'is not there'}\n` +
        `  then ${differing.slice(1, 10).join(', ')}`,
    );
  }
  expect([...our.keys()], 'the order of what was compared').toEqual([...their.keys()]);
  return our;
}
