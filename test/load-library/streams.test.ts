// What another thread computes for JavaScript goes to the caller's device and stream: on an accelerator without
// hardware, since it is libtorch's bookkeeping that counts.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from './compile.js';

const folder = mkdtempSync(join(tmpdir(), 'streams-'));
const library = join(folder, 'libaccelerator.so');
const x = torch.ones([1]);
let setCurrent: (device: number, stream: number) => void;
let current: (x: torch.Tensor) => torch.Tensor;

beforeAll(() => {
  compile('accelerator.cc', library);
  torch.ops.loadLibrary(library);
  const operators = torch.ops.libtorch_node_accelerator as torch.OperatorNamespace;
  setCurrent = operators.setCurrent as unknown as typeof setCurrent;
  current = operators.current as unknown as typeof current;
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true }));

test('a recorded function that is awaited', async () => {
  const recording = torch.record((input: torch.Tensor) => current(input), [x]);
  setCurrent(3, 7);
  const answer = recording.runAsync(x);
  setCurrent(0, 5);
  expect((await answer).tolist()).toEqual([3, 7]);
  expect(current(x).tolist()).toEqual([0, 5]);
  expect((await recording.runAsync(x)).tolist()).toEqual([0, 5]);
});

test('a hook of an awaited backward', async () => {
  const w = torch.ones([2], { requiresGrad: true });
  const seen: unknown[] = [];
  w.registerHook(() => {
    seen.push(current(x).tolist());
    return null;
  });
  const loss = w.mul(2).sum();
  setCurrent(2, 9);
  const answer = loss.backwardAsync();
  setCurrent(1, 4);
  await answer;
  expect(seen).toEqual([[2, 9]]);
  expect(current(x).tolist()).toEqual([1, 4]);
});
