// Reads what export.py writes and does the same here, case by case; then Python goes on from what this side saved.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import * as torch from 'libtorch-node';
import { decode } from '../opinfo/decode.mjs';
import { Run, STEPS } from './program.mjs';

const dtypes = new Map(torch.dtypes.map((dtype) => [dtype.name, dtype]));

async function* lines(python, program, argument) {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(python, ['-B', '-W', 'ignore', file, argument], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (data) => {
    complaints = `${complaints}${data}`.slice(-4000);
  });
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity }))
    yield JSON.parse(line);
  await closed;
  if (child.exitCode !== 0)
    throw new Error(`${program} ended with exit code ${child.exitCode}:\n${complaints}`);
}

const attempt = (make) => {
  try {
    return make();
  } catch (error) {
    return { error: `${error.name}: ${error.message}`, stack: error.stack };
  }
};

function continued(line, folder) {
  const { kwargs } = decode(line);
  const run = new Run(line.optimizer, kwargs, dtypes.get(line.dtype), line.kind);
  run.resume(torch.load(join(folder, `${line.case}.pt`), { weightsOnly: true }));
  run.steps(STEPS / 2, STEPS);
  return run.outcome();
}

const hasSparse = ({ optimizer }) =>
  [...optimizer.state.values()].some(({ momentumBuffer }) => momentumBuffer?.layout === torch.sparseCoo);

function whole(line, folder) {
  const { kwargs } = decode(line);
  const make = () => new Run(line.optimizer, kwargs, dtypes.get(line.dtype), line.kind);
  const run = make();
  if (line.kind === 'differentiable') {
    const once = make();
    once.steps(0, 1);
    run.steps(0, STEPS);
    return [once.outcome(), run.outcome()];
  }
  run.steps(0, STEPS / 2);
  // Sparse tensors have no place in files here yet.
  if (!hasSparse(run)) torch.save(run.state(), join(folder, `ours-${line.case}.pt`));
  run.steps(STEPS / 2, STEPS);
  return run.outcome();
}

const errorNames = { RuntimeError: 'TorchError', AssertionError: 'TorchError' };

/** The names of classes are Python's there; JavaScript has no 1.0; a warning goes to the process here. */
function told(error) {
  return error
    ?.replace(/^(\w+):/, (_, name) => `${errorNames[name] ?? name}:`)
    .replaceAll(/\b(\d+)\.0\b/g, '$1')
    .replaceAll(/torch\.(nn\.parameter\.Parameter|FloatTensor)/g, 'Tensor')
    .replace(/^(.*If capturable=True, params).*$/, '$1')
    .replaceAll(/tensor\(([^)]*)\)/g, 'tensor');
}

function refusal(line) {
  const { args, kwargs } = decode(line);
  const [params, grads] = args;
  for (const [index, grad] of grads.entries()) if (grad) params[index].grad = grad;
  const warned = [];
  const { emitWarning } = process;
  process.emitWarning = (text, kind) => warned.push(`${kind}: ${text}`);
  const result = attempt(() => {
    const optimizer = new torch.optim[line.optimizer](params, kwargs);
    if (line.atStep) optimizer.step();
    return { error: null };
  });
  process.emitWarning = emitWarning;
  const ours = result.error ?? warned[0] ?? null;
  return { equal: told(ours) === told(line.error), ours, theirs: line.error, stack: result.stack };
}

/**
 * Compares every case that export.py offers.
 * @param {string} python
 * @param {{ dtypes?: string[], only?: string[] | null }} settings
 */
export async function compare(python, { dtypes: names = ['float32'], only = null } = {}) {
  torch.setNumThreads(1);
  const folder = mkdtempSync(join(tmpdir(), 'optimizers-'));
  const rows = [];
  const expected = new Map();
  const report = (line, way, ours, theirs) => {
    const stack = ours.stack;
    const equal = isDeepStrictEqual(ours, theirs);
    const { optimizer, desc, dtype, kind } = line;
    rows.push({ optimizer, desc, dtype, kind, way, equal, ours, theirs, stack });
  };
  try {
    for await (const line of lines(python, 'export.py', JSON.stringify({ dtypes: names, only, folder }))) {
      if (line.torch && line.torch.split('+')[0] !== torch.versions().torch.split('+')[0]) {
        throw new Error(`Python has torch ${line.torch}, the addon libtorch ${torch.versions().torch}`);
      }
      if (line.refusal)
        rows.push({ ...line, way: 'refused', desc: line.refusal, ...torch.scope(() => refusal(line)) });
      if (!line.case) continue;
      expected.set(line.case, line);
      report(
        line,
        'run',
        torch.scope(() => attempt(() => whole(line, folder))),
        line.outcome,
      );
      if (!line.resumed) continue;
      report(
        line,
        'from Python',
        torch.scope(() => attempt(() => continued(line, folder))),
        line.resumed,
      );
    }
    if ([...expected.values()].some((line) => existsSync(join(folder, `ours-${line.case}.pt`)))) {
      for await (const { case: number, outcome } of lines(python, 'resume.py', folder)) {
        const line = expected.get(number);
        report(line, 'to Python', outcome, line.resumed);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return rows;
}

function firstDifference(ours, theirs, path = '') {
  if (isDeepStrictEqual(ours, theirs)) return undefined;
  if (typeof ours !== 'object' || typeof theirs !== 'object' || !ours || !theirs) {
    return `${path}: here ${JSON.stringify(ours)}, PyTorch ${JSON.stringify(theirs)}`;
  }
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
    const found = firstDifference(ours[key], theirs[key], `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}

/** One line per optimizer, and what differs. */
export function summary(rows) {
  const names = [...new Set(rows.map(({ optimizer }) => optimizer))];
  const counted = names.map((name) => {
    const own = rows.filter(({ optimizer }) => optimizer === name);
    const of = (way) => own.filter((row) => row.way === way);
    const share = (list) => `${list.filter(({ equal }) => equal).length}/${list.length}`;
    const sets = new Set(of('run').map(({ desc }) => desc)).size;
    return `${name.padEnd(11)} ${String(sets).padStart(3)} option sets: run ${share(of('run'))}, from Python ${share(of('from Python'))}, to Python ${share(of('to Python'))}, refused ${share(of('refused'))}`;
  });
  const wrong = rows.filter(({ equal }) => !equal);
  const shown = wrong.slice(0, 40).map(({ optimizer, desc, dtype, kind, way, ours, theirs, stack }) => {
    const where = [optimizer, desc, dtype, kind, way].filter(Boolean).join(', ');
    return `${where}\n  ${firstDifference(ours, theirs)}${stack ? `\n  ${stack.split('\n').slice(0, 4).join('\n  ')}` : ''}`;
  });
  return [...counted, ...shown].join('\n');
}
