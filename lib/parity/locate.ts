// The operators of layers whose forward differs though nothing before it does: both sides run again and list them.

import type { Module } from '../nn/index.js';
import { firstDifference } from './operators.js';
import type { Plan } from './plan.js';
import type { Python } from './python.js';
import type { LayerDifference } from './report.js';
import { Run } from './run.js';

const shortName = (name: string): string => name.replace(/^aten::/, '');

/** Fills in the operators of origins in the forward and the evaluation of the first step that has such. */
export async function locateOperators(
  differences: readonly LayerDifference[],
  plan: Plan,
  make: () => Module | Promise<Module>,
  python: Python,
): Promise<void> {
  const origins = differences.filter(
    ({ origin, phase }) => origin && (phase === 'forward' || phase === 'evaluation'),
  );
  const [first] = origins;
  if (first === undefined) return;
  const located = origins.filter(({ step }) => step === first.step);
  const layers = located.map(({ layer }) => layer);

  const run = await Run.begin(plan, make);
  await python.begin(plan, {});
  for (let step = 1; step < first.step; step += 1) {
    run.step();
    await python.step([]);
  }
  const inEvaluation = first.phase === 'evaluation';
  const ours = inEvaluation ? run.evaluate(layers) : run.step(layers);
  const theirs = (await (inEvaluation ? python.evaluate(layers) : python.step(layers))).operators;
  run.seen.clear();
  for (const difference of located) {
    const { layer } = difference;
    const found = firstDifference(ours[layer] ?? [], theirs[layer] ?? []);
    if (found === null) continue;
    const [here, there] = [found.here, found.python].map((name) => name && shortName(name));
    const inPython = there && there !== here ? ` (Python: ${there})` : '';
    difference.operator = `${here}${inPython}`;
  }
}
