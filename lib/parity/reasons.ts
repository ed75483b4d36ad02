// Why the bits differ: what is unlike on the two sides, and for what can be set in Python the proof, by running it
// again with our setting.

import { Comparison } from './comparison.js';
import type { Layers, Observation } from './observations.js';
import type { Plan } from './plan.js';
import type { Adoption, Python } from './python.js';
import type { Reason } from './report.js';
import { settings } from './settings.js';
import type { SideBySide } from './side-by-side.js';

interface Suspect {
  /** Says what is here and what in Python. */
  text: string;
  /** `with 1 thread` */
  instead: string;
  adopt: Adoption;
}

const named = (layer: string): string => (layer === '' ? 'the model' : `the layer ${layer}`);

/** Strides that say how elements follow each other: those of dimensions with one element do not. */
function order({ shape, strides }: Observation): string {
  return strides.filter((_, dim) => shape[dim] !== 1).join(', ');
}

function layoutSuspect(ours: readonly Observation[], theirs: readonly Observation[]): Suspect[] {
  const byName = new Map(theirs.map((row) => [`${row.layer}.${row.item}`, row]));
  const unlike = ours.filter((row) => {
    const other = byName.get(`${row.layer}.${row.item}`);
    return (
      row.phase === 'construction' &&
      other &&
      `${row.shape}` === `${other.shape}` &&
      order(row) !== order(other)
    );
  });
  const [first] = unlike;
  if (first === undefined) return [];
  const name = first.layer === '' ? first.item : `${first.layer}.${first.item}`;
  const other = byName.get(`${first.layer}.${first.item}`) as Observation;
  const layout = Object.fromEntries(
    unlike.map(({ layer, item, strides }) => [layer === '' ? item : `${layer}.${item}`, strides]),
  );
  return [
    {
      text: `memory layout: ${name} has strides [${first.strides}] here, [${other.strides}] in Python (${unlike.length} such tensors)`,
      instead: 'the strides of here',
      adopt: { layout },
    },
  ];
}

function suspects({ python, ours }: SideBySide): Suspect[] {
  const here = settings();
  const switches = Object.entries(here.switches)
    .filter(([name, value]) => python.settings.switches[name] !== value)
    .map(([name, value]) => ({
      text: `${name}: ${value} here, ${python.settings.switches[name]} in Python`,
      instead: `${name} ${value}`,
      adopt: { switches: { [name]: value } },
    }));
  const [unaligned] = python.settings.unaligned;
  const alignment = {
    text: `alignment: ${unaligned} lies at an address in Python that 16 does not divide`,
    instead: 'aligned tensors',
    adopt: { alignment: true },
  };
  return [
    ...layoutSuspect(ours[0] ?? [], python.observations),
    ...switches,
    ...(unaligned === undefined ? [] : [alignment]),
  ];
}

/** Runs Python alone with `adopt`, up to the step that differed first; whether all is equal then. */
async function isCuredBy(
  adopt: Adoption,
  plan: Plan,
  { ours, first }: SideBySide,
  python: Python,
): Promise<boolean> {
  const comparison = new Comparison();
  const begun = await python.begin(plan, adopt);
  let theirs = begun.observations;
  for (const [step, rows] of ours.entries()) {
    if (step > plan.steps) theirs = (await python.evaluate([])).observations;
    else if (step > 0) theirs = (await python.step([])).observations;
    if (comparison.step(rows, theirs).length > 0) return false;
    if (step === first?.step) return true;
  }
  return true;
}

/** Modules and tensors that one side alone has. */
function alone({ run, python, unmatched }: SideBySide): string[] {
  const [here, there] = [run.seen.layers(), python.layers].map((layers) => Object.keys(layers));
  const missing = (names: string[] = [], others: string[] = [], where: string) => {
    const only = names.filter((name) => !others.includes(name));
    const counted = only.length === 1 ? '1 layer is' : `${only.length} layers are`;
    return only.length === 0 ? [] : [`${counted} ${where} only, ${only[0]} is the first`];
  };
  const layers = [...missing(here, there, 'here'), ...missing(there, here, 'in Python')];
  if (layers.length > 0 || unmatched.length === 0) return layers;
  return [`observations on one side only: ${unmatched.length}; the first: ${unmatched[0]}`];
}

/** What the layer that differed first says of itself, where the two say different things. */
function unlikeOptions(layer: string, ours: Layers, theirs: Layers): string[] {
  const [here, there] = [ours[layer]?.[1], theirs[layer]?.[1]];
  if (here === undefined || there === undefined || here === there) return [];
  return [`${named(layer)} is ${here || 'a module of modules'} here, ${there || 'one of modules'} in Python`];
}

/** Reasons for what differed first, those that are certain first; none where all is equal. */
export async function reasonsFor(run: SideBySide, plan: Plan, python: Python): Promise<Reason[]> {
  const { first } = run;
  const certain = (text: string): Reason => ({ text, certain: true });
  if (first === null) return alone(run).map(certain);
  const { layer } = first.ours;
  const unlike = unlikeOptions(layer, run.run.seen.layers(), run.python.layers);
  const model = [...alone(run), ...unlike, ...drawn(run)].map(certain);

  if (model.length > 0) return model;

  const open = suspects(run);
  const proved: Reason[] = [];
  const doubted: Reason[] = [];
  for (const { text, instead, adopt } of open) {
    const cured = await isCuredBy(adopt, plan, run, python);
    if (cured) proved.push(certain(`${text}; with ${instead} Python gives the same bits`));
    else doubted.push({ text: `${text}; that alone is not why`, certain: false });
  }
  if (proved.length > 0) return proved;
  const all = open.reduce<Adoption>((sum, { adopt }) => joined(sum, adopt), {});
  if (open.length > 1 && (await isCuredBy(all, plan, run, python))) {
    return open.map(({ text }) => certain(`${text}; together they are why`));
  }
  return [...doubted, ...facts(run), ...code(run)];
}

/** The last guess: a module's text does not show its `forward`, nor hooks. */
function code({ first, run }: SideBySide): Reason[] {
  if (!first?.origin) return [];
  const { layer, phase } = first.ours;
  const [type] = run.seen.layers()[layer] ?? [''];
  const text = `the code of ${named(layer)} (${type}): what its ${phase} gets is equal on both sides`;
  return [{ text, certain: false }];
}

function joined(a: Adoption, b: Adoption): Adoption {
  return { ...a, ...b, switches: { ...a.switches, ...b.switches } };
}

/** Random numbers that one side drew and the other did not. */
function drawn({ first, ours, python }: SideBySide): string[] {
  if (first?.step !== 0) return [];
  const state = (rows: readonly Observation[]) => rows.find(({ phase }) => phase === 'generator')?.hash;
  const same = state(ours[0] ?? []) === state(python.observations);
  return same
    ? ['the constructors draw the same random numbers and make different values of them']
    : ['the constructors draw different random numbers'];
}

function facts({ python }: SideBySide): Reason[] {
  return Object.entries(settings().facts)
    .filter(([name, value]) => python.settings.facts[name]?.split('+')[0] !== value)
    .map(([name, value]) => ({
      text: `${name}: ${value} here, ${python.settings.facts[name]} in Python; it cannot be set, so nothing proves it`,
      certain: false,
    }));
}
