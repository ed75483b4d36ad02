import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

test('gradients accumulate in the leaves, and grad() leaves them alone', () => {
  const w = torch.tensor([1, 2], { requiresGrad: true });
  const loss = w.mul(w).sum();
  expect(torch.autograd.grad(loss, w, { retainGraph: true })[0]?.tolist()).toEqual([2, 4]);
  expect(w.grad).toBeNull();
  loss.backward({ retainGraph: true });
  loss.backward();
  expect(w.grad?.tolist()).toEqual([4, 8]);
  expect(() => loss.backward()).toThrow(/backward through the graph a second time/);
});

test('a tensor of several elements needs a gradient', () => {
  const w = torch.tensor([1, 2], { requiresGrad: true });
  expect(() => w.mul(2).backward()).toThrow('grad can be implicitly created only for scalar outputs');
  w.mul(2).backward(torch.tensor([1, 10]));
  expect(w.grad?.tolist()).toEqual([2, 20]);
  expect(() => torch.ones([1]).backward()).toThrow('element 0 of tensors does not require grad');
});

test('createGraph gives second derivatives', () => {
  const x = torch.tensor([3], { requiresGrad: true });
  const [first] = torch.autograd.grad(x.pow(3), x, { createGraph: true });
  const [second] = torch.autograd.grad(first as torch.Tensor, x);
  expect([first?.item(), second?.item()]).toEqual([27, 18]);
});

test('modes are on inside, off afterwards, also after an exception', () => {
  const w = torch.ones([1], { requiresGrad: true });
  expect(torch.noGrad(() => w.mul(2)).requiresGrad).toBe(false);
  expect(torch.noGrad(() => torch.enableGrad(() => w.mul(2))).requiresGrad).toBe(true);
  expect(() =>
    torch.noGrad(() => {
      torch.enableGrad();
      throw new Error('mine');
    }),
  ).toThrow('mine');
  expect(torch.isGradEnabled()).toBe(true);
  const made = torch.inferenceMode(() => torch.ones([1]));
  expect(() => made.requiresGrad_().mul(w).sum().backward()).toThrow(/[Ii]nference/);
  expect(torch.isInferenceModeEnabled()).toBe(false);
});

test('modes refuse promises and end in reverse order', () => {
  expect(() => torch.noGrad(async () => 1)).toThrow(/modes are synchronous/);
  expect(torch.isGradEnabled()).toBe(true);
  const outer = torch.noGrad();
  const inner = torch.enableGrad();
  expect(() => outer[Symbol.dispose]()).toThrow(/reverse order/);
  inner[Symbol.dispose]();
  outer[Symbol.dispose]();
  expect(torch.isGradEnabled()).toBe(true);
});

test('versions count changes in place, and backward notices them', () => {
  for (const made of [torch.zeros(2), torch.randn(2), torch.arange(2), torch.onesLike(torch.zeros(2))]) {
    expect(made.version).toBe(0);
  }
  const w = torch.ones([2], { requiresGrad: true });
  const y = w.mul(2);
  const z = y.mul(y).sum();
  expect(y.version).toBe(0);
  torch.noGrad(() => y.add_(1));
  expect(y.version).toBe(1);
  expect(() => z.backward()).toThrow(
    'one of the variables needed for gradient computation has been modified by an inplace operation',
  );
});

test('leaves, retained grads and assigned grads', () => {
  const w = torch.ones([2], { requiresGrad: true });
  const y = w.mul(2);
  expect([w.isLeaf, y.isLeaf, y.gradFn]).toEqual([true, false, 'MulBackward0']);
  y.retainGrad();
  y.sum().backward();
  expect(y.grad?.tolist()).toEqual([1, 1]);
  expect(() => {
    w.grad = torch.ones([3]);
  }).toThrow("attempting to assign a gradient of size '[3]' to a tensor of size '[2]'");
  expect(() => y.requiresGrad_(false)).toThrow(/only change requires_grad flags of leaf variables/);
});

test('grad() has zeros instead of null where they are asked for', () => {
  const [used, unused] = [torch.ones([2], { requiresGrad: true }), torch.ones([3], { requiresGrad: true })];
  const loss = () => used.mul(2).sum();
  expect(() => torch.autograd.grad(loss(), [used, unused])).toThrow(
    'Tensor at index 1 appears to not have been used',
  );
  expect(torch.autograd.grad(loss(), [used, unused], { allowUnused: true })[1]).toBeNull();
  const [first, second] = torch.autograd.grad(loss(), [used, unused], { materializeGrads: true });
  expect([first.tolist(), second.tolist()]).toEqual([
    [2, 2],
    [0, 0, 0],
  ]);
  const wrong = { materializeGrads: true, allowUnused: false } as const;
  expect(() => torch.autograd.grad(loss(), used, wrong)).toThrow(
    'Expected allow_unused to be True or not passed',
  );
});
