// What live Python writes beside dense tensors.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPython } from '../live-python.js';

const folder = mkdtempSync(join(tmpdir(), 'kinds-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, `${name}.pt`);

beforeAll(() => {
  runPython(`
import collections, torch
dense = torch.tensor([[0., 2.], [3., 0.]])
torch.save({
    "coo": dense.to_sparse(), "csr": dense.to_sparse_csr(), "meta": torch.empty(2, 3, device="meta"),
    "bytes": b"\\x00\\xff", "bytearray": bytearray(b"ab"), "complex": 1 - 2j, "counter": collections.Counter("aab"),
}, r"${path('values')}")
parameter = torch.nn.Parameter(torch.ones(2))
torch.save(parameter, r"${path('parameter')}")
parameter.note = "mine"
torch.save(parameter, r"${path('attributes')}")
bad = torch.sparse_coo_tensor([[0, 9]], torch.ones(2), (2,), check_invariants=False)
torch.save(bad, r"${path('indices')}")
print('null')
`);
});

test('sparse and meta tensors, bytes, complex numbers, counters', () => {
  const values = torch.load<Map<string, torch.Tensor>>(path('values'));
  const dense = torch.tensor([
    [0, 2],
    [3, 0],
  ]);
  for (const name of ['coo', 'csr']) {
    const sparse = values.get(name) as torch.Tensor;
    expect(sparse.layout).toBe(name === 'coo' ? torch.sparseCoo : torch.sparseCsr);
    expect(sparse.toDense().equal(dense), name).toBe(true);
  }
  expect(values.get('meta')?.device.type).toBe('meta');
  expect(values.get('meta')?.shape).toEqual([2, 3]);
  const others = values as Map<string, unknown>;
  expect(others.get('bytes')).toEqual(new Uint8Array([0, 255]));
  expect(Buffer.from(others.get('bytearray') as Uint8Array).toString()).toBe('ab');
  expect(others.get('complex')).toEqual(new torch.Complex(1, -2));
  expect([...(others.get('counter') as Map<string, number>)]).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});

test('a Parameter is one again, with the attributes that it had', () => {
  expect(torch.load(path('parameter'))).toBeInstanceOf(torch.nn.Parameter);
  const parameter = torch.load<torch.nn.Parameter>(path('attributes'));
  expect(parameter).toBeInstanceOf(torch.nn.Parameter);
  expect([...torch.serialization.attributesOf(parameter)]).toEqual([['note', 'mine']]);
});

test('indices outside of a sparse tensor are refused by the kind of error that fits', () => {
  expect(() => torch.load(path('indices'))).toThrow(torch.serialization.BadTensorError);
});
