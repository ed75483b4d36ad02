// The operators that some modules call, each with the hashes of its results.

import type { Module } from '../nn/index.js';
import { observeOperators } from '../operators/observer.js';
import { leaves, sha256 } from './observations.js';

export interface OperatorCall {
  /** `aten::conv2d` */
  name: string;
  hashes: string[];
  /** Python's say whether they are more than a view or new memory. */
  computes?: boolean;
}

/** The calls of each layer, by its path; a call inside of several belongs to the innermost. */
export type OperatorCalls = Record<string, OperatorCall[]>;

/** Runs `body` and lists what the modules at the paths `layers` called meanwhile. */
export function listOperators<T>(
  model: Module,
  layers: readonly string[],
  body: () => T,
): [T, OperatorCalls] {
  const made: OperatorCalls = Object.fromEntries(layers.map((layer) => [layer, []]));
  if (layers.length === 0) return [body(), made];
  const inside: string[] = [];
  const handles = layers.flatMap((layer) => {
    const module = model.getSubmodule(layer);
    return [
      module.registerForwardPreHook(() => void inside.push(layer)),
      module.registerForwardHook(() => void inside.pop()),
    ];
  });
  try {
    const result = observeOperators((name, value) => {
      const layer = inside.at(-1);
      if (layer !== undefined) made[layer]?.push({ name, hashes: leaves(value).map(sha256) });
    }, body);
    return [result, made];
  } finally {
    for (const handle of handles) handle.remove();
  }
}

/**
 * The first of our calls whose result is none of Python's. The two lists name the same operators differently (ours as
 * they are called, Python's below autograd), so results are what is compared.
 */
export function firstDifference(
  ours: readonly OperatorCall[],
  theirs: readonly OperatorCall[],
): { here: string; python: string | null } | null {
  let next = 0;
  for (const { name, hashes } of ours) {
    const [hash] = hashes;
    if (hash === undefined) continue;
    // The last match counts again: a call that returns what it was given is no call below autograd.
    const found = theirs.findIndex((call, i) => i >= next - 1 && call.hashes.includes(hash));
    if (found < 0) {
      const instead = theirs.slice(next).find(({ computes }) => computes);
      return { here: name, python: instead?.name ?? null };
    }
    next = found + 1;
  }
  return null;
}
