// Against the NumPy of the Python that libtorch was taken from, both ways.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import { runPython } from '../live-python.js';

const { numpy } = torch;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'numpy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytesOf = (tensor: torch.Tensor) =>
  Buffer.from(tensor.contiguous().view([-1]).view(torch.uint8).tolist() as number[]).toString('hex');

const DESCRS = ['b1', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8', 'c8', 'c16'];

interface Written {
  file: string;
  shape: number[];
  dtype: string;
  stride: number[];
  bytes: string;
}

test('what NumPy writes is read: every dtype, byte order, shape, order and version', () => {
  const written = runPython<Written[]>(
    `
import numpy as np, torch, itertools
out = []
def add(array, version=None):
    file = f"{input['folder']}/{len(out)}.npy"
    with open(file, 'wb') as f: np.lib.format.write_array(f, array, version)
    native = array.astype(array.dtype.newbyteorder('='), order='K')
    t = torch.from_numpy(native)
    out.append(dict(file=file, shape=list(t.shape), dtype=str(t.dtype), stride=list(t.stride()),
                    bytes=np.ascontiguousarray(native).tobytes().hex()))
rng = np.random.default_rng(0)
for code, order in itertools.product(input['descrs'], '<>'):
    dtype = np.dtype(order + code)
    raw = rng.integers(0, 2 if code == 'b1' else 256, 24 * dtype.itemsize, dtype=np.uint8)
    add(np.frombuffer(raw.tobytes(), dtype).reshape(2, 3, 4))
    add(np.asfortranarray(np.frombuffer(raw.tobytes(), dtype).reshape(4, 6)))
for shape in [(), (0,), (1,), (0, 3), (3, 0, 2), (1, 1, 1), (2, 3, 4, 5)]:
    add(np.arange(np.prod(shape, dtype=int), dtype='f4').reshape(shape))
for version in [(1, 0), (2, 0), (3, 0)]:
    add(np.arange(6.0).reshape(2, 3), version)
print(json.dumps(out))`,
    { folder, descrs: DESCRS },
  );
  expect(written).toHaveLength(2 * 2 * DESCRS.length + 7 + 3);
  for (const { file, shape, dtype, stride, bytes } of written) {
    const tensor = numpy.load(file);
    expect({ file, shape: tensor.shape, dtype: `${tensor.dtype}`, bytes: bytesOf(tensor) }).toEqual({
      ...{ file, shape, dtype, bytes },
    });
    if (tensor.numel() > 0) expect({ file, stride: tensor.stride() }).toEqual({ file, stride });
  }
});

const filled = (dtype: torch.DType) => torch.arange(6).view([2, 3]).to(dtype);

const samples = (): torch.Tensor[] => [
  ...[torch.bool, torch.int8, torch.int16, torch.int32, torch.int64].map(filled),
  ...[torch.uint8, torch.uint16, torch.uint32, torch.uint64].map(filled),
  ...[torch.float16, torch.float32, torch.float64, torch.complex64, torch.complex128].map(filled),
  torch.tensor(1.5),
  torch.zeros([0, 3]),
  torch.ones([1]),
  torch.arange(12).view([3, 4]).t(),
  torch.arange(24).view([2, 3, 4]).permute([2, 1, 0]),
  torch.arange(24).view([2, 3, 4]).permute([1, 0, 2]),
  torch.arange(12).view([3, 4]).narrow(1, 1, 2),
  torch.arange(12).view([3, 4]).select(0, 1),
  torch
    .tensor([1, 2])
    .to(torch.complex64)
    .mul(torch.complex(torch.zeros([2]), torch.ones([2])))
    .conj(),
  torch.ones([3], { requiresGrad: true }),
  torch.ones([1]).expand([5]),
  // So many lengths of the header that its padding is tried at every remainder.
  ...[1, 10, 100].flatMap((last) =>
    Array.from({ length: 30 }, (_, dims) => torch.ones([...Array(dims).fill(1), last])),
  ),
];

test('what is written here is byte for byte what NumPy writes of the same array', () => {
  const tensors = samples();
  torch.save(
    tensors.map((tensor) => tensor.detach()),
    join(folder, 'all.pt'),
  );
  tensors.forEach((tensor, i) => {
    numpy.save(join(folder, `${i}.npy`), tensor);
  });
  const same = runPython<string[]>(
    `
import numpy as np, torch, io
wrong = []
for i, t in enumerate(torch.load(f"{input}/all.pt")):
    array = t.resolve_conj().resolve_neg().numpy()
    f = io.BytesIO(); np.save(f, array)
    mine = open(f"{input}/{i}.npy", 'rb').read()
    if mine != f.getvalue(): wrong.append([i, mine[:130].decode('latin1'), f.getvalue()[:130].decode('latin1')])
print(json.dumps(wrong))`,
    folder,
  );
  expect(same).toEqual([]);
});

test('archives go both ways, packed ones too', () => {
  numpy.savez(join(folder, 'ours'), { weight: torch.arange(6).view([2, 3]), bias: torch.tensor(2.5) });
  numpy.savez(join(folder, 'list.npz'), [torch.ones([3]), torch.zeros([0])]);
  const read = runPython<unknown>(
    `
import numpy as np
a = np.load(f"{input}/ours.npz"); b = np.load(f"{input}/list.npz")
np.savez(f"{input}/theirs.npz", np.arange(3), weight=np.arange(6.0).reshape(2, 3).T)
np.savez_compressed(f"{input}/packed.npz", zeros=np.zeros((100, 100)), **{'a/b': np.float32(1)})
print(json.dumps([{k: [str(a[k].dtype), a[k].tolist()] for k in a.files}, {k: b[k].tolist() for k in b.files}]))`,
    folder,
  );
  expect(read).toEqual([
    {
      weight: [
        'int64',
        [
          [0, 1, 2],
          [3, 4, 5],
        ],
      ],
      bias: ['float32', 2.5],
    },
    { arr_0: [1, 1, 1], arr_1: [] },
  ]);
  const theirs = numpy.loadz(join(folder, 'theirs.npz'));
  expect([...theirs].map(([name, tensor]) => [name, tensor.tolist()])).toEqual([
    [
      'weight',
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    ['arr_0', [0, 1, 2]],
  ]);
  const packed = numpy.loadz(join(folder, 'packed.npz'));
  expect([...packed].map(([name, { shape, dtype }]) => [name, shape, dtype])).toEqual([
    ['zeros', [100, 100], torch.float64],
    ['a/b', [], torch.float32],
  ]);
  expect(
    numpy
      .loadz(readFileSync(join(folder, 'ours.npz')))
      .get('bias')
      ?.item(),
  ).toBe(2.5);
});

test('what no tensor can hold is refused by name', () => {
  const files = runPython<string[]>(
    `
import numpy as np
arrays = [np.array([{}, None]), np.array(['ab']), np.array([b'x']), np.zeros(2, 'M8[s]'), np.zeros(2, 'm8[s]'),
          np.zeros(2, 'g'), np.zeros(2, 'V2'), np.zeros(2, [('a', 'f4'), ('b', 'i4')])]
for i, a in enumerate(arrays): np.save(f"{input}/{i}.npy", a)
np.savez(f"{input}/8.npz", ok=np.zeros(1), bad=np.array([{}]))
print(json.dumps([f"{input}/{i}.npy" for i in range(8)]))`,
    folder,
  );
  const kinds = [
    /array of Python objects.*nothing in a file is ever executed/,
    /'<U2', strings/,
    /'\|S1', byte strings/,
    /'<M8\[s\]', dates/,
    /'<m8\[s\]', time differences/,
    /'<f16', which no dtype/,
    /'\|V2', raw bytes \(bfloat16/,
    /structured array/,
  ];
  files.forEach((file, i) => {
    expect(() => numpy.load(file)).toThrow(kinds[i]);
    expect(() => numpy.load(file)).toThrow(`cannot load ${file}: `);
  });
  expect(() => numpy.loadz(join(folder, '8.npz'))).toThrow(/Python objects/);
  expect(() => numpy.load(join(folder, '8.npz'))).toThrow(/ZIP archive.*numpy\.loadz/);
  expect(() => numpy.save(join(folder, 'x.npy'), torch.ones([1]).to(torch.bfloat16))).toThrow(
    'NumPy has no bfloat16; convert the tensor first: x.to(torch.float32)',
  );
  expect(() => numpy.save(join(folder, 'x.npy'), torch.ones([2, 2]).toSparse())).toThrow(/sparse_coo/);
  expect(() => numpy.save(join(folder, 'x.npy'), torch.ones([2], { device: 'meta' }))).toThrow(
    /a meta tensor/,
  );
  expect(() => numpy.savez(join(folder, 'x.npz'), { a: 3 as never })).toThrow('"a" is number');
  expect(readdirSync(folder)).not.toContain('x.npy');
});

it('leaves no tensors behind, nor a broken file', () => {
  const path = join(folder, 'x.npy');
  const tensor = torch.arange(10).view([2, 5]).t();
  const before = torch.liveTensors();
  numpy.save(path, tensor);
  const loaded = numpy.load(path);
  expect(torch.liveTensors()).toBeLessThanOrEqual(before + 1); // less, if garbage was collected meanwhile
  expect(loaded.stride()).toEqual([1, 5]);
  writeFileSync(join(folder, 'file'), '');
  expect(() => numpy.save(join(folder, 'file', 'y.npy'), tensor)).toThrow(/cannot save .*y\.npy/);
  expect(readdirSync(folder).sort()).toEqual(['file', 'x.npy']);
});
