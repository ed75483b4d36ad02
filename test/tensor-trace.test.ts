import * as torch from 'libtorch-node';
import { afterEach, expect, test } from 'vitest';

afterEach(() => torch.traceTensors(false));

const leaked: torch.Tensor[] = [];

function leaks(count: number) {
  for (let i = 0; i < count; i++) leaked.push(torch.zeros([2, 3]));
}

test('the oldest living tensors say where they were made', () => {
  torch.ones([1]);
  torch.traceTensors(true);
  leaks(3);
  torch.scope(() => void torch.ones([100]));
  const kept = torch.tensor([1n]);
  const oldest = torch.oldestTensors();
  expect(oldest.map(({ shape }) => shape)).toEqual([[2, 3], [2, 3], [2, 3], [1]]);
  expect(oldest[0]?.stack.split('\n')[0]).toMatch(/at leaks .*tensor-trace\.test\.ts/);
  expect([oldest[0]?.dtype, oldest[3]?.dtype]).toEqual([torch.float32, torch.int64]);
  expect(oldest[0]?.age).toBeGreaterThan(oldest[3]?.age as number);
  expect(torch.oldestTensors(2).length).toBe(2);
  const [most] = torch.tensorsByLine();
  expect([most?.count, most?.line]).toEqual([3, expect.stringContaining('at leaks')]);
  leaked.shift()?.dispose();
  kept.dispose();
  expect(torch.oldestTensors().length).toBe(2);
});

test('the trace does not grow with tensors that died', () => {
  torch.traceTensors(true);
  torch.scope(() => {
    for (let i = 0; i < 50; i++) torch.scope(() => leaksNothing(100));
  });
  expect(torch.oldestTensors(1_000_000)).toEqual([]);
});

function leaksNothing(count: number) {
  for (let i = 0; i < count; i++) torch.ones([1]);
}

test('off means off', () => {
  torch.traceTensors(true);
  leaks(1);
  torch.traceTensors(false);
  leaks(1);
  torch.traceTensors(true);
  expect(torch.oldestTensors()).toEqual([]);
});
