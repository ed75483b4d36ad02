import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

test('a seed repeats the numbers, a state continues them', () => {
  torch.manualSeed(5);
  const first = torch.rand([4]).tolist();
  const state = torch.getRngState();
  const second = torch.rand([4]).tolist();
  torch.setRngState(state);
  expect(torch.rand([4]).tolist()).toEqual(second);
  torch.manualSeed(5);
  expect(torch.rand([4]).tolist()).toEqual(first);
  expect(torch.initialSeed()).toBe(5n);
});

test('a generator of its own leaves the default one alone', () => {
  torch.manualSeed(1);
  const expected = torch.rand([2]).tolist();
  torch.manualSeed(1);
  const generator = new torch.Generator().manualSeed(9);
  const own = torch.rand([2], { generator }).tolist();
  expect(torch.rand([2]).tolist()).toEqual(expected);
  expect(torch.rand([2], { generator: generator.manualSeed(9) }).tolist()).toEqual(own);
});

test('seeds are 64-bit integers, negative ones count from the top', () => {
  expect(torch.manualSeed(-1).initialSeed()).toBe(2n ** 64n - 1n);
  expect(() => torch.manualSeed(1.5)).toThrow(/integer/);
  expect(() => torch.manualSeed(2n ** 64n)).toThrow(/64 bits/);
  expect(() => torch.setRngState(torch.zeros([3]))).toThrow(/ByteTensor/);
});
