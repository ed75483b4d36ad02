import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { expect, it } from 'vitest';

it('is a leaf over the memory of its data', () => {
  const data = torch.zeros([2]);
  const parameter = new nn.Parameter(data.mul(1).add_(0));
  expect([parameter.isLeaf, parameter.requiresGrad]).toEqual([true, true]);
  const shared = new nn.Parameter(data, false);
  data.fill_(3);
  expect(shared.tolist()).toEqual([3, 3]);
  expect(shared.requiresGrad).toBe(false);
});

it('cuts the graph that made its data', () => {
  const source = torch.ones([1], { requiresGrad: true });
  expect(new nn.Parameter(source.mul(2)).gradFn).toBeNull();
});

it('outlives the scope it is made in, and its data', () => {
  let parameter: nn.Parameter | undefined;
  torch.scope(() => {
    parameter = new nn.Parameter(torch.ones([2]));
  });
  expect(parameter?.tolist()).toEqual([1, 1]);
});

it('leaves nothing behind', () => {
  const before = torch.liveTensors();
  torch.scope(() => {
    for (let i = 0; i < 10; i++) new nn.Parameter(torch.ones([2])).dispose();
  });
  expect(torch.liveTensors()).toBeLessThanOrEqual(before); // less, if garbage was collected meanwhile
});

it('is itself where an operator works in place, and prints as a parameter', () => {
  const parameter = new nn.Parameter(torch.ones([1]));
  expect(torch.noGrad(() => parameter.add_(1))).toBe(parameter);
  expect(nn.isParameter(parameter) && torch.isTensor(parameter)).toBe(true);
  expect(nn.isParameter(torch.ones([1]))).toBe(false);
  expect(String(parameter)).toBe('Parameter containing:\ntensor([2.], requires_grad=True)');
});

it('refuses integers', () => {
  expect(() => new nn.Parameter(torch.tensor([1n]))).toThrow('floating point');
});
