// Live Python writes more than forty values and we read them; we write them again, and Python describes the same.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runPython } from '../live-python.js';
import { Comparison, type Described } from './corpus-value.js';
import { WRITTEN } from './written-values.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'round-trip-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, `${name}.pt`);

type Descriptions = Record<string, Described>;

const PRELUDE = `
import sys, warnings
warnings.simplefilter("ignore")
sys.path.insert(0, input["here"])
sys.dont_write_bytecode = True
import torch
from describe import Describer
from python_values import VALUES, HARMLESS
`;

// A legacy stream holds the same values; what it cannot hold, Python itself cannot read from one.
const WRITE = `${PRELUDE}
NOT_LEGACY = {"untyped", "of_torch"}
described = {}
for name, make in {**VALUES, **HARMLESS}.items():
    value = make()
    torch.save(value, f"{input['folder']}/{name}.pt")
    if name not in NOT_LEGACY:
        torch.save(value, f"{input['folder']}/{name}.legacy.pt", _use_new_zipfile_serialization=False)
    described[name] = Describer().describe(value)
print(json.dumps({"described": described, "values": list(VALUES), "harmless": list(HARMLESS), "not_legacy": list(NOT_LEGACY)}))
`;

const READ = `${PRELUDE}
described = {}
for name in input["names"]:
    file = f"{input['folder']}/{name}.pt"
    mapped = Describer().describe(torch.load(file, weights_only=True, mmap=True))
    described[name] = Describer().describe(torch.load(file, weights_only=True))
    if mapped != described[name]: described[name] = {"t": "mapped and read differ"}
print(json.dumps(described))
`;

const written = Object.fromEntries(Object.entries(WRITTEN).map(([name, make]) => [name, make()]));

let python: { described: Descriptions; values: string[]; harmless: string[]; not_legacy: string[] };
let again: Descriptions;
let ours: Descriptions;

beforeAll(() => {
  python = runPython(WRITE, { here, folder });
  for (const name of python.values) torch.save(torch.load(path(name)), path(`${name}.again`));
  for (const [name, value] of Object.entries(written)) torch.save(value, path(`${name}.ours`));
  const names = [
    ...python.values.map((name) => `${name}.again`),
    ...Object.keys(WRITTEN).map((name) => `${name}.ours`),
  ];
  const read = runPython<Descriptions>(READ, { here, folder, names });
  again = Object.fromEntries(python.values.map((name) => [name, read[`${name}.again`] as Described]));
  ours = Object.fromEntries(Object.keys(WRITTEN).map((name) => [name, read[`${name}.ours`] as Described]));
});

function check(name: string, described: Described | undefined, value: unknown): void {
  const comparison = new Comparison();
  comparison.check(described as Described, value, name);
  comparison.finish();
}

it('there are forty of each', () => {
  expect(python.values.length).toBeGreaterThanOrEqual(40);
  expect(Object.keys(WRITTEN).length).toBeGreaterThanOrEqual(40);
});

describe('what Python writes', () => {
  it('reads as it was, read and mapped', () => {
    for (const name of [...python.values, ...python.harmless]) {
      check(name, python.described[name], torch.load(path(name), { mapLocation: 'cpu' }));
      check(name, python.described[name], torch.load(path(name), { mapLocation: 'cpu', mmap: true }));
    }
  });

  it('reads as it was from a legacy stream', () => {
    for (const name of [...python.values, ...python.harmless].filter(
      (one) => !python.not_legacy.includes(one),
    )) {
      check(name, python.described[name], torch.load(path(`${name}.legacy`), { mapLocation: 'cpu' }));
    }
  });

  it('is what Python reads again after we have read and written it', () => {
    expect(again).toEqual(Object.fromEntries(python.values.map((name) => [name, python.described[name]])));
  });
});

it('Python reads what we write', () => {
  for (const [name, value] of Object.entries(written)) check(name, ours[name], value);
});
