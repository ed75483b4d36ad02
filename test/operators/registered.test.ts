import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

test('torch.ops reaches each overload by its name, in either spelling', () => {
  const x = torch.tensor([1, 2]);
  expect(torch.ops.aten?.add?.Tensor?.(x, x, { alpha: 2 }).tolist()).toEqual([3, 6]);
  expect(torch.ops.aten?.add?.Scalar?.(x, 1).tolist()).toEqual([2, 3]);
  expect(torch.ops.aten?.asStrided?.default?.(x, [1], [1], 1).tolist()).toEqual([2]);
  expect(torch.ops.aten?.as_strided?.(x, [1], [1]).tolist()).toEqual([1]);
  expect(() => torch.ops.aten?.add?.Tensor?.(x, 'one')).toThrow(/argument 'other' \(position 2\)/);
});

test('what is not registered is undefined', () => {
  expect(torch.ops.aten?.nothing).toBeUndefined();
  expect(torch.ops.aten?.add?.nothing).toBeUndefined();
  expect(torch.ops.nobody?.add).toBeUndefined();
});

test('several results are written into the tensors of `out`', () => {
  const [values, indices] = [torch.empty([0]), torch.empty([0], { dtype: torch.int64 })];
  const sort = torch.sort as unknown as (x: torch.Tensor, options: object) => torch.Tensor[];
  const sorted = sort(torch.tensor([3, 1, 2]), { out: [values, indices] });
  expect(sorted[0]).toBe(values);
  expect(values.tolist()).toEqual([1, 2, 3]);
  expect(indices.tolist()).toEqual([1, 2, 0]);
});

test('casts by name', () => {
  const x = torch.tensor([0, 1.5]);
  expect([x.half(), x.long(), x.bool(), x.cdouble()].map(({ dtype }) => dtype)).toEqual([
    torch.float16,
    torch.int64,
    torch.bool,
    torch.complex128,
  ]);
  expect(x.float()).toBe(x);
});
