// Reads what export.py writes and does the same here, sample by sample.

import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import * as torch from 'libtorch-node';
import { useDeterministicAlgorithms } from '../device.mjs';
import { counterpart } from './counterpart.mjs';
import { decode } from './decode.mjs';
import { callOf } from './forms.mjs';
import { lines } from './lines.mjs';
import { outcome } from './outcome.mjs';
import { undefinedContents, unrepeatable, withoutErrors } from './without-counterpart.mjs';

const program = fileURLToPath(new URL('export.py', import.meta.url));

const withoutDigest = (value) =>
  JSON.parse(JSON.stringify(value ?? null).replaceAll(/( strides \[[^\]]*\]) [0-9a-f]{16}/g, '$1'));

const refusals =
  /^TypeError: (\w+\(\) received an invalid combination of arguments|\w+\(\): argument '\w+' \(position \d+\) must be|expected Tensor as element \d+ in argument \d+, but got)/;

/** The argument parser speaks of JavaScript's types here and of Python's there: class and opening are compared. */
function parserRefused(told) {
  const [opening] = told.error?.match(refusals) ?? [];
  return opening ? { error: opening } : told;
}

function difference(op, line, theirs, { thrown, ...ours }) {
  if (unrepeatable[op]?.(line)) {
    for (const told of [ours, theirs]) Object.assign(told, withoutDigest(told));
  }
  const seen = undefinedContents.has(op) ? withoutDigest : parserRefused;
  if (isDeepStrictEqual(seen(ours), seen(theirs))) return undefined;
  return { ours, theirs, stack: thrown?.stack };
}

/**
 * Compares every sample that export.py offers. `each` hears of every operator when it is done.
 * @param {string} python
 * @param {{ dtype?: string, every?: number, only?: string[] | null, errors?: boolean }} settings
 * @param {(row: Row, known: number) => void} [each]
 * @typedef {{ op: string, reason?: string, equal: number, unexportable: string[], different: Different[], forms?: Record<string, Form> }} Row
 * @typedef {{ sample: number, ours: object, theirs: object, stack?: string }} Different
 * @typedef {{ equal: number, different: Different[], missing: string | undefined }} Form
 */
export async function compare(python, settings, each = () => {}) {
  const { dtype = 'float32', every = 1, only = null, errors = false } = settings;
  torch.setNumThreads(1);
  useDeterministicAlgorithms({ warnOnly: false });
  /** @type {Row[]} */
  const rows = [];
  let known = 0;
  /** @type {Row | undefined} */
  let row;
  let found;
  for await (const line of lines(python, program, { dtype, every, only, errors })) {
    if (line.torch) {
      const theirs = line.torch.split('+')[0];
      if (theirs !== torch.versions().torch.split('+')[0])
        throw new Error(`Python has torch ${theirs}, the addon libtorch ${torch.versions().torch}`);
      known = line.ops;
    } else if (line.op) {
      if (row) each(row, known);
      const refused = errors ? withoutErrors[line.op] : undefined;
      found = refused ? { reason: refused } : counterpart(line);
      row = { op: line.op, reason: found.reason, equal: 0, unexportable: [], different: [], forms: {} };
      rows.push(row);
    } else if (found.reason === undefined) {
      if (line.unexportable) row.unexportable.push(line.unexportable);
      else {
        torch.scope(() => one(row, found.call, line));
      }
    }
  }
  if (row) each(row, known);
  return rows;
}

function note(tally, sample, differs) {
  if (differs) tally.different.push({ sample, ...differs });
  else tally.equal++;
}

function one(row, call, line) {
  let sample;
  try {
    sample = decode(line);
  } catch (error) {
    const ours = { error: `the sample could not be rebuilt: ${error.message}` };
    return note(row, line.sample, { ours, theirs: line.outcome, stack: error.stack });
  }
  const { args, kwargs, forms, inputs } = sample;
  const compared = (run, theirs, gradients) => {
    torch.manualSeed(42);
    return difference(row.op, line, theirs, outcome(run, gradients));
  };
  note(
    row,
    line.sample,
    compared(() => call(args, kwargs), line.outcome, inputs),
  );
  for (const [name, form] of Object.entries(forms)) {
    row.forms[name] ??= { equal: 0, different: [], missing: undefined };
    const run = callOf(name, form, call);
    if (!run) row.forms[name].missing = form.name;
    else note(row.forms[name], line.sample, compared(run, form.outcome, name.endsWith('out') ? [] : inputs));
  }
}
