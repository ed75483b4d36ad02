import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPython } from '../live-python.js';

const { inspect } = torch.serialization;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inspect-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('what torch.save wrote: names, shapes, strides, sharing, sparse tensors, and values', async () => {
  const path = join(folder, 'python.pt');
  runPython(
    `import torch
base = torch.arange(12.0).view(3, 4)
state = {'epoch': 3, 'model': {'w': base, 'tied': base, 't': base.t(), 'part': base[1:, :2], 'b': torch.nn.Parameter(torch.zeros(2, dtype=torch.float64))},
         'list': [torch.tensor(1), 'x', {'y': torch.ones(1, dtype=torch.bool)}], 'betas': (0.9, 0.999), 'none': None,
         'sparse': torch.eye(3).to_sparse()}
torch.save(state, input)
print('null')`,
    path,
  );
  const { format, tensors, values, nbytes } = await inspect(path);
  expect(format).toBe('PyTorch');
  const float32 = { dtype: 'float32' };
  expect(tensors).toEqual(
    [
      { name: 'model.w', shape: [3, 4], ...float32, nbytes: 48 },
      { name: 'model.tied', shape: [3, 4], ...float32, nbytes: 48, sharesWith: 'model.w' },
      { name: 'model.t', shape: [4, 3], ...float32, nbytes: 48, stride: [1, 4], sharesWith: 'model.w' },
      {
        name: 'model.part',
        shape: [2, 2],
        ...float32,
        nbytes: 16,
        stride: [4, 1],
        storageOffset: 4,
        sharesWith: 'model.w',
      },
      { name: 'model.b', shape: [2], dtype: 'float64', nbytes: 16 },
      { name: 'list.0', shape: [], dtype: 'int64', nbytes: 8 },
      { name: 'list.2.y', shape: [1], dtype: 'bool', nbytes: 1 },
      { name: 'sparse', shape: [3, 3], ...float32, nbytes: 60, layout: 'sparse_coo' },
    ].map((row) => ('layout' in row ? { ...row, nbytes: expect.any(Number) } : row)),
  );
  expect([...values]).toEqual([
    ['epoch', 3],
    ['list.1', 'x'],
    ['betas', [0.9, 0.999]],
    ['none', null],
  ]);
  expect(nbytes).toBe(48 + 16 + 8 + 1 + (tensors.at(-1)?.nbytes ?? 0));
});

test('objects of classes that cannot be loaded are listed by what they hold', async () => {
  const path = join(folder, 'unknown.pt');
  runPython(
    `import argparse, collections, torch
module = torch.nn.Sequential(torch.nn.Linear(2, 3, bias=False), torch.nn.BatchNorm1d(3))
Pair = collections.namedtuple('Pair', 'a b')
globals()['Pair'] = Pair
torch.save({'net': module, 'args': argparse.Namespace(lr=0.5, init=torch.ones(2)), 'pair': Pair(torch.zeros(1), 7)}, input)
print('null')`,
    path,
  );
  const { tensors, values } = await inspect(path);
  expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
    ['net.0.weight', [3, 2]],
    ['net.1.weight', [3]],
    ['net.1.bias', [3]],
    ['net.1.running_mean', [3]],
    ['net.1.running_var', [3]],
    ['net.1.num_batches_tracked', []],
    ['args.init', [2]],
    ['pair.0', [1]],
  ]);
  expect([...values]).toEqual([
    ['args.__class__', 'argparse.Namespace'],
    ['args.lr', 0.5],
    ['pair.__class__', '__main__.Pair'],
    ['pair.1', 7],
  ]);
});

test('safetensors, NumPy and HDF5', async () => {
  const at = (name: string) => join(folder, name);
  torch.safetensors.saveFile(
    { a: torch.zeros([2, 3]), b: torch.zeros([4], { dtype: torch.int8 }) },
    at('x.safetensors'),
    {
      note: 'hello',
    },
  );
  torch.numpy.save(at('x.npy'), torch.zeros([2, 3], { dtype: torch.float64 }));
  torch.numpy.savez(at('x.npz'), { 'one/two': torch.zeros([5]), three: torch.tensor(1) });
  const keras = fileURLToPath(new URL('../weights/golden/xception.h5.gz', import.meta.url));
  writeFileSync(at('x.h5'), gunzipSync(readFileSync(keras)));
  expect(await inspect(at('x.safetensors'))).toEqual({
    format: 'safetensors',
    tensors: [
      { name: 'a', shape: [2, 3], dtype: 'float32', nbytes: 24 },
      { name: 'b', shape: [4], dtype: 'int8', nbytes: 4 },
    ],
    values: new Map([['note', 'hello']]),
    nbytes: 28,
  });
  expect((await inspect(at('x.npy'))).tensors).toEqual([
    { name: 'array', shape: [2, 3], dtype: 'float64', nbytes: 48 },
  ]);
  expect((await inspect(at('x.npz'))).tensors).toEqual([
    { name: 'one/two', shape: [5], dtype: 'float32', nbytes: 20 },
    { name: 'three', shape: [], dtype: 'float32', nbytes: 4 },
  ]);
  const { tensors } = await inspect(at('x.h5'));
  expect(tensors).toHaveLength(236);
  expect(tensors.find(({ name }) => name.endsWith('block13_sepconv1/pointwise_kernel'))).toEqual({
    ...{ name: 'model_weights/block13_sepconv1/block13_sepconv1/pointwise_kernel', shape: [1, 1, 728, 728] },
    ...{ dtype: 'float32', nbytes: 728 * 728 * 4 },
  });
});

/** A file that is mostly a hole: `start`, then `hole` bytes that take no room on the disk, then `end`. */
function sparseFile(name: string, start: Uint8Array, hole: number, end = Buffer.alloc(0)): string {
  const path = join(folder, name);
  const file = openSync(path, 'w');
  writeSync(file, start);
  ftruncateSync(file, start.length + hole);
  writeSync(file, end, 0, end.length, start.length + hole);
  closeSync(file);
  return path;
}

/** An archive of torch.save with one tensor of 2 billion complex128 elements, 32 GB. */
function hugeCheckpoint(): string {
  const [few, many, size] = [70_001, 2_000_000_000, 16 * 2_000_000_000];
  const small = join(folder, 'small.pt');
  torch.save({ huge: torch.zeros([few], { dtype: torch.complex128 }) }, small);
  const bytes = readFileSync(small);
  // BININT of the number of elements, wherever it comes: in the storage and in the tensor.
  const binint = (value: number) =>
    Buffer.from(['J'.charCodeAt(0), ...new Uint8Array(Uint32Array.of(value).buffer)]);
  for (let at = bytes.indexOf(binint(few)); at >= 0; at = bytes.indexOf(binint(few), at))
    binint(many).copy(bytes, at);
  const pickle = recordIn(bytes, 'small/data.pkl');
  const local = (name: string, length: number) => {
    const header = Buffer.alloc(30);
    header.write('PK\x03\x04', 'latin1');
    header.writeUInt32LE(length, 18);
    header.writeUInt32LE(length, 22);
    header.writeUInt16LE(name.length, 26);
    return Buffer.concat([header, Buffer.from(name)]);
  };
  const line = (name: string, length: number, offset: number) => {
    const header = Buffer.alloc(46);
    header.write('PK\x01\x02', 'latin1');
    header.writeUInt32LE(0xffffffff, 20);
    header.writeUInt32LE(0xffffffff, 24);
    header.writeUInt16LE(name.length, 28);
    header.writeUInt16LE(20, 30);
    header.writeUInt32LE(offset, 42);
    const wide = Buffer.alloc(20);
    wide.writeUInt16LE(1, 0);
    wide.writeUInt16LE(16, 2);
    wide.writeBigUInt64LE(BigInt(length), 4);
    wide.writeBigUInt64LE(BigInt(length), 12);
    return Buffer.concat([header, Buffer.from(name), wide]);
  };
  const start = Buffer.concat([
    ...[local('x/data.pkl', pickle.length), pickle, local('x/version', 2), Buffer.from('3\n')],
  ]);
  const versionAt = 30 + 10 + pickle.length;
  // Only what lies at a multiple of 64 is mapped; an extra field gets it there.
  const header = local('x/data/0', 0);
  const padding = 64 - ((start.length + header.length) % 64);
  header.writeUInt16LE(padding, 28);
  const data = Buffer.concat([header, Buffer.alloc(padding)]);
  const directory = Buffer.concat([
    line('x/data.pkl', pickle.length, 0),
    line('x/version', 2, versionAt),
    line('x/data/0', size, start.length),
  ]);
  const directoryAt = start.length + data.length + size;
  const end = Buffer.alloc(56 + 20 + 22);
  end.write('PK\x06\x06', 0, 'latin1');
  end.writeBigUInt64LE(3n, 32);
  end.writeBigUInt64LE(BigInt(directory.length), 40);
  end.writeBigUInt64LE(BigInt(directoryAt), 48);
  end.write('PK\x06\x07', 56, 'latin1');
  end.writeBigUInt64LE(BigInt(directoryAt + directory.length), 64);
  end.write('PK\x05\x06', 76, 'latin1');
  return sparseFile('huge.pt', Buffer.concat([start, data]), size, Buffer.concat([directory, end]));
}

function recordIn(archive: Buffer, name: string): Buffer {
  const at = archive.indexOf(name) - 30;
  const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
  return archive.subarray(start, archive.indexOf('PK\x07\x08', start));
}

test('files larger than the memory are inspected without reading them', async () => {
  const GB = 1e9;
  const json = Buffer.from(
    JSON.stringify({ huge: { dtype: 'F64', shape: [8 * GB], data_offsets: [0, 64 * GB] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (8000000000,), }\n`;
  const npy = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\0', 'latin1'),
    Buffer.from([header.length, 0]),
    Buffer.from(header),
  ]);
  const files = [
    sparseFile('huge.safetensors', Buffer.concat([length, json]), 64 * GB),
    sparseFile('huge.npy', npy, 64 * GB),
    hugeCheckpoint(),
  ];
  const before = process.memoryUsage().rss;
  const summaries = await Promise.all(files.map(inspect));
  expect(process.memoryUsage().rss - before).toBeLessThan(64e6);
  expect(summaries.map(({ nbytes }) => nbytes)).toEqual([64 * GB, 64 * GB, 32 * GB]);
  expect(summaries[2]?.tensors).toEqual([
    { name: 'huge', shape: [2_000_000_000], dtype: 'complex128', nbytes: 32 * GB },
  ]);
});

test.each([
  ['nothing.pt', '', /cannot load .*nothing\.pt: the file is empty/],
  ['page.pt', '<!DOCTYPE html>', /it is a web page/],
  ['lfs.safetensors', 'version https://git-lfs.github.com/spec/v1\n', /cannot load .*lfs\.safetensors: /],
  ['cut.npz', 'PK\x03\x04', /cannot load .*cut\.npz: the end of the archive is missing/],
  ['cut.npy', '\x93NUMPY\x01\0', /cannot load .*cut\.npy: it ends/],
])('%s is refused by name', async (name, contents, message) => {
  writeFileSync(join(folder, name), contents, 'latin1');
  await expect(inspect(join(folder, name))).rejects.toThrow(message);
  await expect(inspect(join(folder, name))).rejects.toThrow(torch.serialization.CheckpointError);
});
