import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

const x = torch.tensor([
  [1, 2],
  [3, 4],
]);

test('the overload follows from the kinds of the arguments', () => {
  expect(x.max().item()).toBe(4);
  const [values, indices] = x.max(1) as [torch.Tensor, torch.Tensor];
  expect([values.tolist(), indices.tolist()]).toEqual([
    [2, 4],
    [1, 1],
  ]);
  expect(x.max(torch.tensor(2.5)).tolist()).toEqual([
    [2.5, 2.5],
    [3, 4],
  ]);
});

test('any suffix of the arguments may be given by name', () => {
  const sums = [[3], [7]];
  expect(x.sum(1, true).tolist()).toEqual(sums);
  expect(x.sum({ dim: 1, keepdim: true }).tolist()).toEqual(sums);
  expect(x.sum(1, { keepdim: true }).tolist()).toEqual(sums);
  expect(x.sum([1], { keepdim: undefined }).tolist()).toEqual([3, 7]);
});

test('one int stands for int[2], several for a list that is the only argument', () => {
  const image = torch.ones([1, 1, 4, 4]);
  const kernel = torch.ones([1, 1, 2, 2]);
  expect(torch.conv2d(image, kernel, { stride: 2 }).shape).toEqual([1, 1, 2, 2]);
  expect(x.view(4).shape).toEqual([4]);
  expect(x.view(1, 4).shape).toEqual([1, 4]);
  expect(torch.zeros(2, 3).shape).toEqual([2, 3]);
});

test('an integral number is an int Scalar, float(1) and -0 are floats', () => {
  const ints = torch.tensor([1n, 2n]);
  expect(ints.mul(2).dtype).toBe(torch.int64);
  expect(ints.mul(torch.float(2)).dtype).toBe(torch.float32);
  expect(torch.full([1], 1).dtype).toBe(torch.int64);
  expect(torch.full([1], torch.float(1)).dtype).toBe(torch.float32);
  expect(Object.is(torch.tensor([1]).mul(-0).item(), -0)).toBe(true);
  expect(torch.full([1], 1e20).item()).toBe(torch.tensor(1e20).item());
});

test('a number for a tensor is wrapped: it does not promote float32 to float64', () => {
  expect(x.add(0.1).dtype).toBe(torch.float32);
  expect(torch.tensor([1n]).add(0.5).dtype).toBe(torch.float32);
  expect(torch.tensor([true]).add(1).dtype).toBe(torch.int64);
});

test("Python's parser takes no number for a tensor elsewhere", () => {
  // @ts-expect-error a number is no Tensor
  expect(() => torch.maximum(x, 1)).toThrowErrorMatchingInlineSnapshot(
    `[TypeError: maximum(): argument 'other' (position 2) must be Tensor, not int]`,
  );
});

test('a result that is an argument is the same object', () => {
  const y = torch.ones([2]);
  expect(y.add_(1)).toBe(y);
  expect(y.to(torch.float32)).toBe(y);
  expect(y.contiguous()).toBe(y);
  expect(torch.add(y, 1, { out: y })).toBe(y);
  expect(torch.dropout(y, 0.5, false)).toBe(y);
  expect(y.view(2) === y).toBe(false);
});

test('lists of tensors, optional tensors and several results', () => {
  expect(torch.cat([x, x], 1).shape).toEqual([2, 4]);
  expect(torch.stack([x, x, x]).shape).toEqual([3, 2, 2]);
  expect(x.unbind(0).map((row) => row.tolist())).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(torch.splitWithSizes(x, [1, 1], 1).length).toBe(2);
  expect(torch.batchNorm(x, null, null, null, null, true, 0.1, 0, false).mean().item()).toBeCloseTo(0);
});

test('results that are dtypes are DType', () => {
  expect(torch.promoteTypes(torch.int64, torch.float16)).toBe(torch.float16);
  expect(torch.resultType(x, 1.5)).toBe(torch.float32);
});

test('integers beyond 2^53 stay exact', () => {
  const big = 2n ** 62n + 1n;
  expect(torch.tensor(big).item()).toBe(big);
  expect(torch.full([1], big).item()).toBe(big);
  expect(() => torch.full([1], 2n ** 64n)).toThrow(/64 bits/);
});

test('misuse names the operator, the argument, what was expected and what came', () => {
  const message = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
    return 'nothing was thrown';
  };
  const wrong = torch as unknown as { [name in 'relu' | 'add' | 'sum']: (...args: unknown[]) => unknown };
  expect(message(() => wrong.relu(3))).toMatchInlineSnapshot(
    `"TypeError: relu(): argument 'input' (position 1) must be Tensor, not int"`,
  );
  expect(message(() => wrong.relu())).toMatchInlineSnapshot(
    `"TypeError: relu() missing 1 required positional argument: "input""`,
  );
  expect(message(() => wrong.relu(x, { other: 1 }))).toMatchInlineSnapshot(
    `"TypeError: relu() got an unexpected keyword argument 'other'"`,
  );
  expect(message(() => wrong.relu(x, x))).toMatchInlineSnapshot(
    `"TypeError: relu() takes 1 positional argument but 2 were given"`,
  );
  expect(message(() => wrong.add(x, new Date(0)))).toMatchInlineSnapshot(
    `"TypeError: add(): argument 'other' (position 2) must be Tensor, not Date"`,
  );
  expect(message(() => wrong.sum(x, 'a'))).toMatchInlineSnapshot(`
    "TypeError: sum() received an invalid combination of arguments - got (Tensor, string), but expected one of:
     * (Tensor self, *, ScalarType? dtype=None)
     * (Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None)"
  `);
});

test("libtorch's own errors keep their text, their class and the caller's line", () => {
  const run = () => torch.matmul(x, torch.ones([3, 3]));
  expect(run).toThrow(torch.TorchError);
  expect(run).toThrow('mat1 and mat2 shapes cannot be multiplied (2x2 and 3x3)');
  expect(() => x.sum(7)).toThrow(torch.IndexError);
  try {
    run();
  } catch (error) {
    expect((error as Error).stack).toContain('ops.test.ts');
  }
});

test('more memory than the machine has is refused, and nothing is lost', () => {
  expect(() => torch.empty([2 ** 40])).toThrow(torch.OutOfMemoryError);
  expect(x.sum().item()).toBe(10);
});

test('getters and proxies among the arguments cannot corrupt a call', () => {
  const nested = {
    get keepdim() {
      torch.cat([x, x, x, x]);
      return true;
    },
    dim: 1,
  };
  expect(x.sum(nested).shape).toEqual([2, 1]);
  const list = new Proxy([x, x], {
    get(target, key) {
      if (key === '1') torch.stack([x, x, x]);
      return Reflect.get(target, key);
    },
  });
  try {
    torch.cat(list, 0);
  } catch (error) {
    expect((error as Error).name).toMatch(/TypeError|TorchError/);
  }
  expect(x.add(1).tolist()).toEqual([
    [2, 3],
    [4, 5],
  ]);
});

test('every operator that is typed exists', () => {
  expect(typeof torch.conv2d).toBe('function');
  expect(typeof torch.nn.functional.relu).toBe('function');
  expect(torch.schemas().length).toBeGreaterThan(2500);
});
