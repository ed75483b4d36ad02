// The rules of ARCHITECTURE.md that a machine can check, read from the sources.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const filesIn = (folder: string, ending: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const lib = filesIn('lib', /\.ts$/);
const native = filesIn('native', /\.(cc|h)$/);
const written = lib.filter((file) => !file.startsWith('lib/generated/'));

interface Import {
  target: string;
  typeOnly: boolean;
}

const clause = /^(?:import|export)\s(?:(type)\s)?(?:[^'";]*?\sfrom\s)?'([^']+)';/gm;

function importsOf(file: string): Import[] {
  const source = read(file);
  const resolved = (target: string) =>
    target.startsWith('.') ? join(dirname(file), target).replace(/\.js$/, '.ts') : target;
  return [
    ...[...source.matchAll(clause)].map(([, type, target = '']) => ({
      target: resolved(target),
      typeOnly: type !== undefined,
    })),
    ...[...source.matchAll(/\bimport\('([^']+)'\)/g)].map(([, target = '']) => ({
      target: resolved(target),
      typeOnly: false,
    })),
  ];
}

/** Rooms of the core, which may know each other and the root files. */
const core = ['generated', 'autograd', 'functional', 'operators', 'printing'];

/** The part of lib/ that a file belongs to: its folder, or native, index, or core. */
function partOf(file: string): string {
  const [, first = '', ...rest] = file.split('/');
  if (rest.length > 0) return core.includes(first) ? 'core' : first;
  return /^native(-\w+)?\.ts$/.test(first) ? 'native' : first === 'index.ts' ? 'index' : 'core';
}

/** index → {models, train, cli} → {nn, optim, data, vision, serialization, ...} → core → native.ts. */
const ranks: Record<string, number> = {
  native: 0,
  core: 1,
  nn: 2,
  optim: 2,
  data: 2,
  vision: 2,
  serialization: 2,
  jit: 2,
  amp: 2,
  swa: 2,
  masked: 2,
  cuda: 2,
  profiler: 2,
  models: 3,
  weights: 3,
  train: 3,
  parity: 3,
  cli: 3,
  index: 4,
};

/** Neighbours that must not know each other. */
const strangers = ['nn', 'optim', 'data'];

/** What native code throws and calls. */
const calledByNative = ['lib/errors.ts', 'lib/user-stack.ts', 'lib/warn.ts'];

function objection(file: string, target: string): string | undefined {
  const [from, to] = [partOf(file), partOf(target)];
  if (from === to || calledByNative.includes(target)) return;
  const [above, below] = [ranks[from], ranks[to]];
  if (above === undefined || below === undefined) return `${from} or ${to} has no place in the arrows`;
  if (below > above) return 'points upwards';
  if (strangers.includes(from) && strangers.includes(to)) return `${from} and ${to} do not know each other`;
  if (from === 'models' && (ranks[to] === 3 || to === 'optim' || to === 'data'))
    return 'a model file trains nothing';
  return;
}

test('imports follow the arrows', () => {
  const wrong = lib.flatMap((file) =>
    importsOf(file)
      .filter(({ target }) => target.startsWith('lib/'))
      .map(({ target }) => ({ target, why: objection(file, target) }))
      .filter(({ why }) => why !== undefined)
      .map(({ target, why }) => `${file} → ${target}: ${why}`),
  );
  expect(wrong).toEqual([]);
});

test('every relative import is a file', () => {
  const known = new Set(lib);
  const missing = lib.flatMap((file) =>
    importsOf(file)
      .filter(({ target }) => target.startsWith('lib/') && !known.has(target))
      .map(({ target }) => `${file} → ${target}`),
  );
  expect(missing).toEqual([]);
});

test('there are no import cycles', () => {
  const graph = new Map(
    lib.map((file) => [
      file,
      importsOf(file)
        .filter(({ target, typeOnly }) => target.startsWith('lib/') && !typeOnly)
        .map(({ target }) => target),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: string[]) => {
    const begin = path.indexOf(file);
    if (begin >= 0) cycles.push([...path.slice(begin), file].join(' → '));
    if (begin >= 0 || done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of lib) visit(file, []);
  expect(cycles).toEqual([]);
});

test('a model file does no I/O', () => {
  const models = lib.filter((file) => partOf(file) === 'models');
  const outside = models.flatMap((file) =>
    importsOf(file)
      .filter(({ target }) => !target.startsWith('lib/'))
      .map(({ target }) => `${file} → ${target}`),
  );
  expect(outside).toEqual([]);
});

test('examples use the public package', () => {
  const examples = filesIn('examples', /\.(ts|mts|js|mjs)$/);
  const inside = examples.flatMap((file) =>
    importsOf(file)
      .filter(({ target }) => /^(lib|dist|native|tools)\//.test(target))
      .map(({ target }) => `${file} → ${target}`),
  );
  expect(inside).toEqual([]);
});

test('only lib/native.ts touches the .node file', () => {
  expect(lib.filter((file) => /\.node\b['"`]/.test(read(file)))).toEqual(['lib/native.ts']);
});

test('only native/dispatch*.cc includes Dispatcher.h', () => {
  const including = native.filter((file) => /#include\s*<.*\/Dispatcher\.h>/.test(read(file)));
  expect(including.length).toBeGreaterThan(0);
  expect(including.filter((file) => !/^native\/dispatch[\w-]*\.cc$/.test(file))).toEqual([]);
});

test('the Node-API version is defined in CMakeLists.txt only', () => {
  expect(native.filter((file) => /#define\s+NAPI_(VERSION|EXPERIMENTAL)/.test(read(file)))).toEqual([]);
  expect(read('CMakeLists.txt')).toMatch(/NAPI_EXPERIMENTAL NAPI_VERSION=2147483647/);
});

test('every native source is in CMakeLists.txt', () => {
  const listed = [...read('CMakeLists.txt').matchAll(/native\/[\w-]+\.cc/g)].map(([file]) => file).sort();
  expect(listed).toEqual(native.filter((file) => file.endsWith('.cc')));
});

test('nothing under lib awaits at the top level, so that require works', () => {
  const awaiting = lib.filter((file) =>
    /^(?!\s|async |export async |\/\/| \*)[^\n]*\bawait\b/m.test(read(file)),
  );
  expect(awaiting).toEqual([]);
  const entry = join(root, 'dist/index.js');
  const script = `require(${JSON.stringify(entry)})`;
  expect(() => execFileSync(process.execPath, ['-e', script], { stdio: 'pipe' })).not.toThrow();
});

test('classes keep their names in dist/, where a file holds many: modules print theirs', () => {
  const renamed = filesIn('dist', /\.js$/).flatMap((file) =>
    [...read(file).matchAll(/\bclass \w+\$\d+|\b(?:let|var|const) \w+\$\d+ = class\b/g)].map(
      ([found]) => `${file}: ${found}`,
    ),
  );
  expect(renamed).toEqual([]);
});

test('files are named after what they hold', () => {
  const banned = /(^|[-_.])(utils?|helpers?|commons?|managers?|misc)([-_.]|$)/;
  const tree = [...lib, ...native, ...filesIn('tools', /./), ...filesIn('test', /\.ts$/)];
  expect(tree.filter((file) => file.split('/').some((part) => banned.test(part)))).toEqual([]);
  const kebab = /^[a-z0-9_]+(-[a-z0-9_]+)*(\.[a-z]+)+$/;
  expect([...lib, ...native].filter((file) => !kebab.test(basename(file)))).toEqual([]);
});

test('no file names a folder of one machine', () => {
  const machine = /(?:^|[\s'"`(=:])\/(?:root|work|home\/\w+)\//m;
  const tree = [
    ...lib,
    ...native,
    ...filesIn('tools', /\.(mjs|sh|py|grit)$/),
    ...filesIn('test', /\.(ts|mjs|py)$/),
  ];
  const here = relative(root, fileURLToPath(import.meta.url));
  expect(tree.filter((file) => file !== here && machine.test(read(file)))).toEqual([]);
});

interface Size {
  file: string;
  lines: number;
}

function sizes(files: string[]): Size[] {
  const lines = (file: string) => read(file).split('\n').length - 1;
  return files.map((file) => ({ file, lines: lines(file) })).sort((a, b) => a.lines - b.lines);
}

test.each([
  { name: 'lib', files: written, median: 80, limit: 300 },
  { name: 'native', files: native, median: 150, limit: 400 },
])('files in $name stay small', ({ name, files, median, limit }) => {
  const table = sizes(files);
  const middle = table[table.length >> 1]?.lines ?? 0;
  const total = table.reduce((sum, { lines }) => sum + lines, 0);
  const largest = table.slice(-5).reverse();
  const rows = largest.map(({ file, lines }) => `${`${lines}`.padStart(8)}  ${file}`);
  console.log(
    [`${name}: ${table.length} files, ${total} lines, median ${middle}, largest:`, ...rows].join('\n'),
  );
  expect(table.filter(({ lines }) => lines > limit)).toEqual([]);
  expect(middle).toBeLessThanOrEqual(median);
});
