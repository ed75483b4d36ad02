// Reads what export.py writes and does the same here, sample by sample.

import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import * as torch from 'libtorch-node';
import { device, useDeterministicAlgorithms } from '../device.mjs';
import { camel, decode } from '../opinfo/decode.mjs';
import { lines } from '../opinfo/lines.mjs';
import { outcomeOfModule } from './outcome-of-module.mjs';

const { nn } = torch;
const program = fileURLToPath(new URL('export.py', import.meta.url));

/** The trailing object is left out where there is nothing in it. */
const spread = (args, kwargs) => (Object.keys(kwargs).length > 0 ? [...args, kwargs] : args);

const kinds = {
  module([name, args, kwargs, state]) {
    const module = new nn[name](...spread(args, kwargs));
    module.loadStateDict(new Map(state));
    return module;
  },
  function: (name) => nn.functional[camel(name)],
  packed: (parts) => new nn.utils.rnn.PackedSequence(...parts),
};

/** What is no bool or number has a type of JavaScript here and of Python there. */
function withoutTypeName(told) {
  const cut = (text) => text?.replace(/^(TypeError: .* got: ).*/, '$1');
  return { ...told, ...(told.construction && { construction: cut(told.construction) }) };
}

/** The differing parts alone. */
function difference({ thrown, ...ours }, outcome) {
  const [told, theirs] = [ours, outcome].map(withoutTypeName);
  const keys = [...new Set([...Object.keys(told), ...Object.keys(theirs)])];
  const differing = keys.filter((key) => !isDeepStrictEqual(told[key], theirs[key]));
  if (differing.length === 0) return undefined;
  const part = (whole) => Object.fromEntries(differing.map((key) => [key, whole[key]]));
  return { ours: part(told), theirs: part(theirs), stack: thrown?.stack };
}

function one(name, line, dtype) {
  let sample;
  try {
    sample = decode(line, kinds);
  } catch (error) {
    const ours = { error: `the sample could not be rebuilt: ${error.message}` };
    return { ours, theirs: line.outcome, stack: error.stack };
  }
  const [args, kwargs, inputs, named] = sample.args;
  const ours = outcomeOfModule(
    () => new nn[name](...spread(args, kwargs)),
    (module) => module.forward(...spread(inputs, named)),
    sample.inputs,
    { device, dtype },
    line.training,
  );
  return difference(ours, line.outcome);
}

/**
 * Compares every sample that export.py offers. `each` hears of every module when it is done.
 * @param {string} python
 * @param {{ dtype?: string, every?: number, only?: string[] | null, errors?: boolean, others?: boolean }} settings
 * @param {(row: import('../opinfo/compare.mjs').Row, known: number) => void} [each]
 */
export async function compare(python, settings, each = () => {}) {
  const { dtype = 'float32', every = 1, only = null, errors = false, others = false } = settings;
  torch.setNumThreads(1);
  useDeterministicAlgorithms({ warnOnly: false });
  /** @type {import('../opinfo/compare.mjs').Row[]} */
  const rows = [];
  let known = 0;
  /** @type {import('../opinfo/compare.mjs').Row | undefined} */
  let row;
  for await (const line of lines(python, program, { dtype, every, only, errors, others })) {
    if (line.torch) {
      known = line.ops;
    } else if (line.op) {
      if (row) each(row, known);
      const reason = typeof nn[line.op] === 'function' ? undefined : 'missing: nothing here has its name';
      row = { op: line.op, reason, equal: 0, unexportable: [], different: [] };
      rows.push(row);
    } else if (row.reason === undefined) {
      if (line.unexportable) row.unexportable.push(line.unexportable);
      else {
        const differs = torch.scope(() => one(row.op, line, Reflect.get(torch, dtype)));
        if (differs) row.different.push({ sample: line.sample, ...differs });
        else row.equal++;
      }
    }
  }
  if (row) each(row, known);
  return rows;
}
