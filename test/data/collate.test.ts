import * as torch from 'libtorch-node';
import { expect, it } from 'vitest';

const { defaultCollate, defaultConvert } = torch.data;

function described(tensor: torch.Tensor) {
  return [tensor.dtype.name, tensor.tolist()];
}

it('stacks tensors', () => {
  const batch = defaultCollate([torch.tensor([1, 2]), torch.tensor([3, 4])]);
  expect(described(batch)).toEqual([
    'float32',
    [
      [1, 2],
      [3, 4],
    ],
  ]);
});

it.each<[string, unknown[], string, unknown[]]>([
  ['class labels', [3, 0, 2], 'int64', [3, 0, 2]],
  ['numbers', [0.5, 1], 'float64', [0.5, 1]],
  ['a float in the middle', [1, 0.5], 'float64', [1, 0.5]],
  ['marked floats', [torch.float(1), torch.float(2)], 'float64', [1, 2]],
  ['negative zero', [-0, 1], 'float64', [-0, 1]],
  ['numbers beyond 2^53', [2 ** 60], 'float64', [2 ** 60]],
  ['booleans', [true, false], 'bool', [true, false]],
  ['BigInts', [2n ** 62n, -1n], 'int64', [2n ** 62n, -1]],
  [
    'typed arrays',
    [Uint8Array.of(1, 2), Uint8Array.of(3, 4)],
    'uint8',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['long typed arrays', [BigInt64Array.of(7n)], 'int64', [[7]]],
])('%s', (_, batch, dtype, values) => {
  expect(described(defaultCollate(batch) as torch.Tensor)).toEqual([dtype, values]);
});

it('keeps strings', () => {
  expect(defaultCollate(['a', 'b'])).toEqual(['a', 'b']);
});

it('collates containers item by item', () => {
  const [images, labels] = defaultCollate([
    [torch.zeros([2]), 1],
    [torch.ones([2]), 0],
  ] as [torch.Tensor, number][]);
  expect(images.tolist()).toEqual([
    [0, 0],
    [1, 1],
  ]);
  expect(described(labels)).toEqual(['int64', [1, 0]]);

  const record = defaultCollate([
    { x: 1, name: 'a', inner: { y: [0.5] } },
    { x: 2, name: 'b', inner: { y: [1.5] }, ignored: 1 },
  ]);
  expect(record.x.tolist()).toEqual([1, 2]);
  expect(record.name).toEqual(['a', 'b']);
  expect(record.inner.y[0]?.tolist()).toEqual([0.5, 1.5]);

  const map = defaultCollate([new Map([['k', 1]]), new Map([['k', 2]])]);
  expect(map.get('k')?.tolist()).toEqual([1, 2]);
});

it('refuses what it cannot make a batch of', () => {
  expect(() => defaultCollate([[1], [1, 2]])).toThrow(
    'each element in list of batch should be of equal size',
  );
  expect(() => defaultCollate([null])).toThrow(TypeError);
  expect(() => defaultCollate([null])).toThrow(/default_collate: batch must contain tensors.*found null/);
  expect(() => defaultCollate([new Date()])).toThrow(/found Date/);
  expect(() => defaultCollate([{ a: 1 }, { b: 1 }] as object[])).toThrow("no property 'a'");
  expect(() => defaultCollate([new Map([['a', 1]]), new Map()])).toThrow('no key a');
  expect(() => defaultCollate([torch.zeros([2]), torch.zeros([3])])).toThrow(
    /stack expects each tensor to be equal size/,
  );
});

it('converts a single sample without adding a dimension', () => {
  const tensor = torch.tensor([1]);
  expect(defaultConvert(tensor)).toBe(tensor);
  expect(defaultConvert(3)).toBe(3);
  const converted = defaultConvert({ a: [Float64Array.of(1, 2), 'text'] }) as { a: [torch.Tensor, string] };
  expect(described(converted.a[0])).toEqual(['float64', [1, 2]]);
  expect(converted.a[1]).toBe('text');
});
