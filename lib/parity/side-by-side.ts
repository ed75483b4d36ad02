// One training here and in Python, compared step by step.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Module } from '../nn/index.js';
import { load } from '../serialization/index.js';
import type { Tensor } from '../tensor.js';
import { Comparison, type Mismatch } from './comparison.js';
import { largestDifference } from './magnitude.js';
import type { Observation } from './observations.js';
import type { Plan } from './plan.js';
import type { Begun, Python } from './python.js';
import type { LayerDifference } from './report.js';
import { Run } from './run.js';

export interface SideBySide {
  run: Run;
  python: Begun;
  /** What was seen here at the construction, in each step, and in the evaluation. */
  ours: Observation[][];
  tensors: number;
  /** What one side alone has, as text. */
  unmatched: string[];
  /** Each layer once. */
  differences: LayerDifference[];
  /** The first of all origins. */
  first: (Mismatch & { step: number }) | null;
}

/** What computes the gradient through an output of a layer. */
function nodeOf(
  { layer, item }: Pick<Observation, 'layer' | 'item'>,
  rows: readonly Observation[],
): string | null {
  const output = rows.find((row) => row.phase === 'forward' && row.layer === layer && row.item === item);
  return output?.node ?? null;
}

/** The operator of an origin, where its name needs no second run. */
function knownOperator(
  { ours, oursAt, origin }: Mismatch,
  rows: readonly Observation[],
  plan: Plan,
): string | null {
  if (!origin) return null;
  switch (ours.phase) {
    case 'input':
      return 'rand';
    case 'loss':
      return 'cross_entropy_loss';
    case 'backward': {
      // Its gradient came from the node of the output whose gradient was there before.
      const before = rows.slice(0, oursAt).findLast(({ phase }) => phase === 'backward');
      return before ? nodeOf(before, rows) : null;
    }
    case 'gradient':
      return nodeOf({ layer: ours.layer, item: 'output' }, rows);
    case 'update':
      return ours.kind === 'parameter' ? plan.optimizer : null;
    default:
      return null;
  }
}

export async function runSideBySide(
  plan: Plan,
  make: () => Module | Promise<Module>,
  python: Python,
): Promise<SideBySide> {
  const folder = mkdtempSync(join(tmpdir(), 'libtorch-node-parity-'));
  const comparison = new Comparison();
  const ours: Observation[][] = [];
  const differences = new Map<string, LayerDifference>();
  let first: SideBySide['first'] = null;
  const run = await Run.begin(plan, make);
  const layers = run.seen.layers();

  const compare = async (theirs: readonly Observation[]): Promise<void> => {
    const step = ours.length;
    const { rows, tensors } = run.seen;
    ours.push(rows);
    const mismatches = comparison.step(rows, theirs);
    const origin = mismatches.find((mismatch) => mismatch.origin) ?? mismatches[0];
    if (origin) first ??= { ...origin, step };
    const shown = firstOfLayers(mismatches, differences);
    if (shown.length === 0) return;
    const file = join(folder, `${step}.pt`);
    await python.fetch(
      shown.map(({ theirsAt }) => theirsAt),
      file,
    );
    const fetched = load<Tensor[]>(file);
    for (const [i, mismatch] of shown.entries()) {
      const { layer, phase, item } = mismatch.ours;
      differences.set(layer, {
        ...{ layer, type: layers[layer]?.[0] ?? '', step, phase, origin: mismatch.origin },
        item: phase === 'backward' ? `gradient of ${item}` : item,
        operator: knownOperator(mismatch, rows, plan),
        maxDifference: largestDifference(tensors[mismatch.oursAt] as Tensor, fetched[i] as Tensor),
      });
    }
  };

  try {
    const begun = await python.begin(plan, {});
    await compare(begun.observations);
    for (let step = 1; step <= plan.steps; step += 1) {
      run.step();
      await compare((await python.step([])).observations);
    }
    run.evaluate();
    await compare((await python.evaluate([])).observations);
    const { tensors, unmatched } = comparison;
    return { run, python: begun, ours, tensors, unmatched, differences: [...differences.values()], first };
  } finally {
    run.seen.clear();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first mismatch of each layer that has none yet; what a layer is given is the doing of another. */
function firstOfLayers(
  mismatches: readonly Mismatch[],
  known: ReadonlyMap<string, LayerDifference>,
): Mismatch[] {
  const found = new Map<string, Mismatch>();
  for (const mismatch of mismatches) {
    const { layer, item, phase } = mismatch.ours;
    const given = phase !== 'input' && item.startsWith('input');
    if (!given && !known.has(layer) && !found.has(layer)) found.set(layer, mismatch);
  }
  return [...found.values()];
}
