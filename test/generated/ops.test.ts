import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { factoryNames, functionNames, methodNames, propertyNames } from '../../lib/generated/names.js';
import { snakeToCamel } from '../../lib/names.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const typings = readFileSync(path('../../lib/generated/ops.ts'), 'utf8');
const pinned = typings.match(/from PyTorch (\d+\.\d+\.\d+)/)?.[1];
const loaded = torch.versions().torch.split('+')[0];

/** The typings are those of the pinned version; another one that is accepted has its own schemas. */
const testPinned = test.skipIf(loaded !== pinned);

testPinned('every schema in the typings is registered by the library that is loaded', () => {
  const registered = new Set(torch.schemas());
  // The forms of `to` are Python's parser's, not a schema's.
  const lines = typings.matchAll(/\/\*\* (aten::(?!to\(Tensor self, ).*) \*\/\n {2}(?!readonly)/g);
  const described = new Set([...lines].map(([, schema]) => schema as string));
  expect(described.size).toBeGreaterThan(1900);
  expect([...described].filter((schema) => !registered.has(schema))).toEqual([]);
});

testPinned('lib/generated is what the generator writes', () => {
  const generator = path('../../tools/generate/ops.mjs');
  execFileSync(process.execPath, [generator, '--check'], { stdio: 'pipe' });
});

testPinned('every operator of the lists can be called', () => {
  const names = new Set(torch.schemas().map((schema) => schema.match(/^aten::(\w+)/)?.[1]));
  const functions = Object.values(functionNames).flat();
  const listed = [...functions, ...methodNames, ...factoryNames, ...Object.values(propertyNames)];
  expect(listed.filter((name) => !names.has(name))).toEqual([]);
  const aten = torch.aten as unknown as Record<string, unknown>;
  expect(functions.filter((name) => typeof aten[snakeToCamel(name)] !== 'function')).toEqual([]);
  const methods = torch.Tensor.prototype as unknown as Record<string, unknown>;
  expect(methodNames.filter((name) => typeof methods[snakeToCamel(name)] !== 'function')).toEqual([]);
});

test('reserved words are exported', () => {
  expect(torch.var(torch.tensor([1, 2, 3])).item()).toBe(1);
});

test('methods that are written by hand stay so', () => {
  const handWritten = [
    'dim',
    'numel',
    'size',
    'stride',
    'storageOffset',
    'isContiguous',
    'item',
    'requiresGrad_',
  ];
  expect(handWritten.filter((name) => methodNames.map(snakeToCamel).includes(name))).toEqual([]);
  expect(handWritten.filter((name) => !(name in torch.Tensor.prototype))).toEqual([]);
});
