// Ours and Python, in turn, in processes of their own: a shared machine is noisy, a ratio in one run is not.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

export function python() {
  const found =
    process.env.LIBTORCH_NODE_PYTHON ?? JSON.parse(readFileSync(file('../build/libtorch.json'))).python;
  if (!found) throw new Error('no Python with torch: set LIBTORCH_NODE_PYTHON');
  return found;
}

export function hasModule(name) {
  return spawnSync(python(), ['-c', `import ${name}`]).status === 0;
}

function run(command, args) {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  const elapsed = performance.now() - begin;
  return { elapsed, answer: stdout.trim() ? JSON.parse(stdout) : undefined };
}

/** Runs a program of ours alone. */
export function ours(program, settings) {
  return run(process.execPath, [file(`programs/${program}.mjs`), JSON.stringify(settings)]);
}

/** Runs a program of both sides `rounds` times, alternating; answers with the pairs. */
export function pairs(program, settings, rounds) {
  const argument = JSON.stringify(settings ?? {});
  return Array.from({ length: rounds }, () => ({
    ours: ours(program, settings ?? {}),
    python: run(python(), ['-B', file(`programs/${program}.py`), argument]),
  }));
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** `0.42 (0.40-0.47)`: the median of the ratios of each round, and their range. */
export function ratioText(ratios) {
  const shown = (value) => value.toFixed(2);
  return `${shown(median(ratios))} (${shown(Math.min(...ratios))}–${shown(Math.max(...ratios))})`;
}
