import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

test('numbers make float32, BigInts int64, booleans bool, typed arrays their own dtype', () => {
  expect(torch.tensor([1, 2]).dtype).toBe(torch.float32);
  expect(torch.tensor([1n]).dtype).toBe(torch.int64);
  expect(torch.tensor([true, false]).dtype).toBe(torch.bool);
  expect(torch.tensor(new Int16Array(2)).dtype).toBe(torch.int16);
  expect(torch.tensor(Buffer.from([1, 2])).dtype).toBe(torch.uint8);
  expect(torch.tensor([]).shape).toEqual([0]);
  expect(torch.tensor(5).shape).toEqual([]);
  expect(torch.tensor([1.5, 2.5], { dtype: torch.int32 }).tolist()).toEqual([1, 2]);
  expect(torch.tensor([0.1], { dtype: torch.float64 }).item()).toBe(0.1);
});

test('ragged arrays and foreign values are refused by name', () => {
  expect(() => torch.tensor([[1, 2], [3]])).toThrow('expected sequence of length 2 at dim 1 (got 1)');
  expect(() => torch.tensor([1, null] as never)).toThrow(/not null/);
  expect(() => torch.tensor(['a'] as never)).toThrow(/not string/);
});

test('values come back exact in every dtype', () => {
  for (const dtype of [
    torch.uint8,
    torch.int8,
    torch.int16,
    torch.int32,
    torch.int64,
    torch.float16,
    torch.bfloat16,
    torch.float32,
    torch.float64,
  ]) {
    const values = [0, 1, 2, 100];
    const made = torch.tensor(values, { dtype });
    expect(made.dtype).toBe(dtype);
    expect(made.tolist(), dtype.name).toEqual(values);
  }
  expect(torch.tensor([[true], [false]]).tolist()).toEqual([[true], [false]]);
});

test('typedArray shares memory with the tensor and keeps it alive', () => {
  const tensor = torch.zeros([3]);
  const array = tensor.typedArray() as Float32Array;
  array[1] = 5;
  expect(tensor.tolist()).toEqual([0, 5, 0]);
  tensor.dispose();
  expect(Array.from(array)).toEqual([0, 5, 0]);
  expect(() => torch.ones([2, 3]).t().typedArray()).toThrow(/contiguous/);
  expect(() => torch.ones([2], { requiresGrad: true }).typedArray()).toThrow(/detach/);
});

test('memory that JavaScript sees can no longer be resized away', () => {
  const tensor = torch.zeros([3]);
  tensor.typedArray();
  expect(() => tensor.resize_([100_000])).toThrow(/not resizable/);
});

test('what no typed array can hold is refused before Node tries', () => {
  const huge = torch.empty([2 ** 32 + 64], { dtype: torch.uint8 });
  expect(() => huge.typedArray()).toThrow(/holds at most 4294967296 bytes/);
  expect(huge.narrow(0, 2 ** 32, 64).typedArray().length).toBe(64);
});

test('a typed array is borrowed where it is aligned, else copied', () => {
  const aligned = torch.zeros([64]).typedArray() as Float32Array;
  const shared = torch.fromTypedArray(aligned);
  expect(shared.sharesMemory).toBe(true);
  aligned[0] = 7;
  expect(shared.select(0, 0).item()).toBe(7);
  const copied = torch.fromTypedArray(aligned.subarray(1));
  expect(copied.sharesMemory).toBe(false);
  expect(copied.shape).toEqual([63]);
});

test('item refuses more than one element, structuredClone yields no tensor', () => {
  expect(() => torch.ones([2]).item()).toThrow(/cannot be converted to Scalar/);
  const clone = structuredClone(torch.ones([1]) as object);
  expect(torch.isTensor(clone)).toBe(false);
  expect(() => new (torch.Tensor as unknown as new () => unknown)()).toThrow(/torch\.tensor/);
});

test('to takes a dtype, a device, a tensor, or names', () => {
  const x = torch.ones([2]);
  expect(x.to(torch.float64).dtype).toBe(torch.float64);
  expect(x.to('cpu')).toBe(x);
  expect(x.to('meta').device.type).toBe('meta');
  expect(x.to(torch.tensor([1n])).dtype).toBe(torch.int64);
  expect(x.to({ dtype: torch.int32, copy: true }).tolist()).toEqual([1, 1]);
  const image = torch.ones([1, 3, 4, 4]).to({ memoryFormat: torch.channelsLast });
  expect(image.isContiguous(torch.channelsLast)).toBe(true);
  expect(() => x.to('nowhere')).toThrow(/nowhere/);
  expect(() => x.to('cuda')).toThrow();
});

test('asTensor copies nothing that is as wanted; newTensor takes after a tensor', () => {
  const x = torch.ones([2], { dtype: torch.double });
  expect(torch.asTensor(x)).toBe(x);
  expect(torch.asTensor(x, { dtype: torch.half }).dtype).toBe(torch.float16);
  const shared = torch.asTensor(new Float32Array(torch.zeros(64).typedArray().buffer, 0, 64));
  expect([shared.dtype, shared.shape]).toEqual([torch.float32, [64]]);
  expect(torch.asTensor([1n, 2n]).dtype).toBe(torch.int64);
  expect(x.newTensor([[1, 2]]).dtype).toBe(torch.float64);
  expect(x.newTensor([1], { dtype: torch.int }).dtype).toBe(torch.int32);
  expect([x.nelement(), x.ndimension(), x.elementSize(), x.isCuda, x.isSparse]).toEqual([
    2,
    1,
    8,
    false,
    false,
  ]);
  expect(x.diag().toSparse().isSparse).toBe(true);
});

test('norm takes its arguments in order, and from any of them on by name', () => {
  const x = torch.tensor([
    [3, 4],
    [6, 8],
  ]);
  for (const norm of [x.norm(2, 1), x.norm(2, { dim: 1 }), x.norm({ p: 2, dim: 1 })]) {
    expect(norm.tolist()).toEqual([5, 10]);
  }
  expect(x.norm(2, 1, true).shape).toEqual([2, 1]);
  expect(x.norm(2, 1, { keepdim: true }).shape).toEqual([2, 1]);
  expect(x.norm(1).item()).toBe(21);
});
