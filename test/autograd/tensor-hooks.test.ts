import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

const leaf = () => torch.tensor([1, 2, 3], { requiresGrad: true });

test('a hook sees the gradient, and what it returns replaces it, until it is removed', () => {
  const x = leaf();
  const y = x.mul(2);
  const seen: unknown[] = [];
  const first = y.registerHook((gradient) => {
    seen.push(gradient.tolist());
    return gradient.mul(10);
  });
  const second = y.registerHook((gradient) => {
    seen.push(gradient.tolist());
    return null;
  });
  y.sum().backward({ retainGraph: true });
  expect(seen).toEqual([
    [1, 1, 1],
    [10, 10, 10],
  ]);
  expect(x.grad?.tolist()).toEqual([20, 20, 20]);
  first.remove();
  first.remove();
  x.grad?.zero_();
  y.sum().backward();
  expect(x.grad?.tolist()).toEqual([2, 2, 2]);
  expect(seen).toHaveLength(3);
  expect(second).toBeDefined();
});

test('what a hook throws comes out of backward, the same object', () => {
  const x = leaf();
  const mine = new RangeError('mine');
  x.mul(2).registerHook(() => {
    throw mine;
  });
  const y = x.mul(2);
  y.registerHook(() => {
    throw mine;
  });
  let caught: unknown;
  try {
    y.sum().backward();
  } catch (error) {
    caught = error;
  }
  expect(caught).toBe(mine);
  y.registerHook(() => 5 as unknown as torch.Tensor);
  expect(() => torch.autograd.grad(x.mul(1).sum(), x)).not.toThrow();
});

test('a hook must answer with a tensor of the same size, or nothing', () => {
  const x = leaf();
  const y = x.mul(2);
  const handle = y.registerHook(() => 5 as unknown as torch.Tensor);
  expect(() => y.sum().backward({ retainGraph: true })).toThrow(/what a hook returns must be a Tensor/);
  handle.remove();
  y.registerHook(() => torch.ones([2]));
  expect(() => y.sum().backward()).toThrow(/changed the size of value/);
});

test('after accumulation the hook sees the very parameter, and may use up its gradient', () => {
  const weight = new torch.nn.Parameter(torch.ones([2]));
  const seen: unknown[] = [];
  weight.registerPostAccumulateGradHook((parameter) => {
    seen.push(parameter === weight, parameter.grad?.tolist());
    parameter.grad = null;
  });
  weight.mul(3).sum().backward();
  expect(seen).toEqual([true, [3, 3]]);
  expect(weight.grad).toBeNull();
});

test('tensors without a gradient have no hooks', () => {
  expect(() => torch.ones([1]).registerHook(() => null)).toThrow(
    "cannot register a hook on a tensor that doesn't require gradient",
  );
  const y = leaf().mul(2);
  expect(() => y.registerPostAccumulateGradHook(() => {})).toThrow(
    'post accumulate grad hooks cannot be registered on non-leaf tensors',
  );
});

test('a hook may run a backward of its own', () => {
  const x = leaf();
  const other = leaf();
  const y = x.mul(2);
  y.registerHook((gradient) => {
    torch.enableGrad(() => other.square().sum().backward());
    return gradient.add(other.grad as torch.Tensor);
  });
  y.sum().backward();
  expect(x.grad?.tolist()).toEqual([6, 10, 14]);
});
