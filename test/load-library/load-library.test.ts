import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPython } from '../live-python.js';
import { compile } from './compile.js';

const folder = mkdtempSync(join(tmpdir(), 'load-library-'));
const library = join(folder, 'liboperators.so');

beforeAll(() => compile('operators.cc', library), 240_000);

afterAll(() => rmSync(folder, { recursive: true }));

test('operators of a library are there once it is loaded', () => {
  expect(torch.ops.libtorch_node_test?.twicePlus).toBeUndefined();
  torch.ops.loadLibrary(library);
  expect(torch.ops.loadedLibraries.has(library)).toBe(true);
  const x = torch.tensor([1, 2], { requiresGrad: true });
  const { twicePlus, refuse } = torch.ops.libtorch_node_test as torch.OperatorNamespace;
  expect(twicePlus?.(x).tolist()).toEqual([3, 5]);
  const y: torch.Tensor = twicePlus?.(x, { add: 10 }) as torch.Tensor;
  y.sum().backward();
  expect(y.tolist()).toEqual([12, 14]);
  expect(x.grad?.tolist()).toEqual([2, 2]);
  expect(() => refuse?.(x)).toThrow('refused: [2]');
  expect(() => twicePlus?.('a')).toThrow(TypeError);
  torch.ops.loadLibrary(library); // a second time does nothing
});

test('what is no library is refused as by Python', () => {
  const text = join(folder, 'text.so');
  writeFileSync(text, 'not a library');
  const paths = [join(folder, 'missing.so'), text, folder];
  const expected = runPython<[string, string][]>(
    `
import torch
out = []
for path in input:
    try:
        torch.ops.load_library(path)
    except OSError as error:
        out.append([str(error), str(error.__cause__)])
print(json.dumps(out))`,
    paths,
  );
  const ours = paths.map((path) => {
    try {
      torch.ops.loadLibrary(path);
    } catch (error) {
      const { message, cause } = error as Error;
      return [message, (cause as Error).message];
    }
    return [];
  });
  expect(ours).toEqual(expected);
  expect(() => torch.ops.loadLibrary(7 as never)).toThrow(TypeError);
});
