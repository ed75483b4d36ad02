// NumPy's arrays and scalars that no tensor can be: refused, and kept as records on request.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, describe, expect, it } from 'vitest';

import { runPython } from '../live-python.js';

const { UnknownObject } = torch.serialization;
const folder = mkdtempSync(join(tmpdir(), 'records-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ARRAYS: Record<string, string> = {
  objects: 'numpy.array([1, "x"], dtype=object)',
  dates: 'numpy.array(["2020-01-02"], dtype="M8[D]")',
  'long doubles': 'numpy.ones(2, dtype=numpy.longdouble)',
  structures: 'numpy.zeros(2, dtype=[("a", "f4"), ("b", "i2")])',
  strings: 'numpy.array(["ab", "c"])',
};

const SCALARS: Record<string, string> = {
  'a date': 'numpy.datetime64("2020-01-02")',
  'a long double': 'numpy.longdouble(1)',
  'a structure': 'numpy.zeros(1, dtype=[("a", "f4")])[0]',
};

const SAVE = `
import numpy, torch
value = eval(input['text'])
torch.save([value, torch.ones(2), value, numpy.arange(3.0)], input['path'], pickle_protocol=input['protocol'])
print('null')`;

function written(text: string, protocol: number): string {
  const path = join(folder, 'x.pt');
  runPython(SAVE, { text, path, protocol });
  return path;
}

describe.each([2, 5])('protocol %i', (protocol) => {
  it.each(Object.entries(ARRAYS))('an array of %s', (_, text) => {
    const path = written(text, protocol);
    expect(() => torch.load(path)).toThrow(/^cannot load .*x\.pt: it holds a NumPy array of .*\(at \[0\]\)/);
    const [record, ones, again, plain] = torch.load<unknown[]>(path, { keepUnknown: true });
    expect(record).toBeInstanceOf(UnknownObject);
    expect((record as torch.serialization.UnknownObject).className).toBe('numpy.ndarray');
    expect(again).toBe(record);
    expect([ones, plain].map((tensor) => (tensor as torch.Tensor).tolist())).toEqual([
      [1, 1],
      [0, 1, 2],
    ]);
  });

  it.each(Object.entries(SCALARS))('%s', (_, text) => {
    const path = written(text, protocol);
    expect(() => torch.load(path)).toThrow(torch.serialization.UnsupportedCheckpointError);
    const [record, ones] = torch.load<unknown[]>(path, { keepUnknown: true });
    expect((record as torch.serialization.UnknownObject).className).toBe('numpy.generic');
    expect((ones as torch.Tensor).tolist()).toEqual([1, 1]);
  });
});

it('has the objects of an array in the state of its record', () => {
  const [record] = torch.load<[torch.serialization.UnknownObject]>(written(ARRAYS.objects ?? '', 2), {
    keepUnknown: true,
  });
  expect((record.state as unknown[]).at(-1)).toEqual([1, 'x']);
});
