import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

const { savedTensorsHooks, saveOnCpu } = torch.autograd;

test('pack sees what the graph saves, unpack gives it back', () => {
  const x = torch.tensor([1, 2, 3], { requiresGrad: true });
  const packed: number[][] = [];
  const y = savedTensorsHooks(
    (tensor) => {
      packed.push(tensor.tolist() as number[]);
      return { kept: tensor.mul(10) };
    },
    ({ kept }) => kept.div(10),
    () => x.mul(x).sum(),
  );
  expect(packed).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  y.backward();
  expect(x.grad?.tolist()).toEqual([2, 4, 6]);
  x.mul(x); // outside nothing is packed
  expect(packed.length).toBe(2);
});

test('what is packed lives as long as the graph, also through a scope', () => {
  const x = torch.ones([3], { requiresGrad: true });
  const loss = torch.scope(() =>
    savedTensorsHooks(
      (tensor) => tensor.clone(),
      (tensor) => tensor,
      () => x.exp().sum(),
    ),
  );
  loss.backward();
  expect(x.grad?.index(0).item()).toBeCloseTo(Math.E);
});

test('the innermost pair counts, and hooks end with an exception', () => {
  const names: string[] = [];
  const record = (name: string) => (tensor: torch.Tensor) => {
    names.push(name);
    return tensor;
  };
  const same = (tensor: torch.Tensor) => tensor;
  const x = torch.ones([1], { requiresGrad: true });
  savedTensorsHooks(record('outer'), same, () => {
    savedTensorsHooks(record('inner'), same, () => x.exp());
    expect(() =>
      savedTensorsHooks(record('inner'), same, () => {
        throw new Error('out');
      }),
    ).toThrow('out');
    x.exp();
  });
  x.exp();
  expect(names).toEqual(['inner', 'outer']);
});

test('errors in hooks come out of the operator and of backward', () => {
  const x = torch.ones([1], { requiresGrad: true });
  const thrown = new RangeError('pack');
  const pack = () => {
    throw thrown;
  };
  expect(() =>
    savedTensorsHooks(
      pack,
      (tensor) => tensor,
      () => x.exp(),
    ),
  ).toThrow(thrown);
  const y = savedTensorsHooks(
    () => 7,
    (value) => value as unknown as torch.Tensor,
    () => x.exp(),
  );
  expect(() => y.sum().backward()).toThrow('what unpack returns must be a Tensor, not number');
  const inPlace = (tensor: torch.Tensor) => tensor.add_(1);
  expect(() =>
    savedTensorsHooks(
      inPlace,
      (tensor) => tensor,
      () => x.exp(),
    ),
  ).toThrow('A saved tensor pack hook is modifying its input in place');
  expect(() => savedTensorsHooks(7 as never, 8 as never)).toThrow(TypeError);
});

test('unpack runs on this thread when backward is awaited', async () => {
  const x = torch.tensor([2], { requiresGrad: true });
  const y = savedTensorsHooks(
    (tensor) => ({ tensor }),
    ({ tensor }) => tensor,
    () => x.mul(x),
  );
  await y.backwardAsync();
  expect(x.grad?.item()).toBe(4);
});

test('saveOnCpu gives the same gradient', () => {
  const x = torch.tensor([2], { requiresGrad: true });
  saveOnCpu(() => x.mul(x).sum()).backward();
  expect(x.grad?.item()).toBe(4);
});

test('hooks may make tensors while an operator runs', () => {
  const held: torch.Tensor[] = [];
  const pack = (tensor: torch.Tensor) => {
    // More than the table of tensors has room for: it moves.
    for (let i = 0; i < 2000; i++) held.push(torch.zeros([1]));
    return tensor;
  };
  const x = torch.arange(1, 5, { dtype: torch.float32 }).requiresGrad_();
  savedTensorsHooks(
    pack,
    (tensor) => tensor,
    () => {
      const y = torch.cat([x.mul(x), x.exp(), x.index(torch.tensor([0n, 1n]))]);
      y.pow(2).sum().backward();
    },
  );
  const expected = [1, 2, 3, 4].map((v) => 4 * v ** 3 + 2 * Math.exp(2 * v) + (v < 3 ? 2 * v : 0));
  torch.testing.assertClose(x.grad as torch.Tensor, torch.tensor(expected, { dtype: torch.float32 }));
  expect(held.length).toBeGreaterThan(6000);
});
