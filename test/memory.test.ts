import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { settled } from './leak/programs/settled.mjs';

test('a scope frees what was made inside and keeps what it returns', () => {
  const before = torch.liveTensors();
  let inner: torch.Tensor | undefined;
  const { kept, list, map } = torch.scope(() => {
    inner = torch.ones([2]);
    return { kept: inner.add(1), list: [inner.add(2)], map: new Map([['a', inner.add(3)]]) };
  });
  expect(inner?.disposed).toBe(true);
  expect(() => inner?.add(1)).toThrow(/disposed, or freed at the end of the scope/);
  expect([kept.tolist(), list[0]?.tolist(), map.get('a')?.tolist()]).toEqual([
    [2, 2],
    [3, 3],
    [4, 4],
  ]);
  for (const tensor of [kept, list[0], map.get('a')]) tensor?.dispose();
  expect(torch.liveTensors()).toBe(before);
});

test('what a nested scope returns belongs to the scope around it', () => {
  let passed: torch.Tensor | undefined;
  torch.scope(() => {
    passed = torch.scope(() => torch.ones([1]).add(1));
    expect(passed.item()).toBe(2);
  });
  expect(passed?.disposed).toBe(true);
});

test('keep() outlives every scope', () => {
  const kept = torch.scope(() => {
    const tensor = torch.ones([1]);
    tensor.keep();
    return [tensor];
  })[0] as torch.Tensor;
  let other: torch.Tensor | undefined;
  torch.scope(() => {
    other = kept.add(1).keep();
  });
  expect([kept.item(), other?.item()]).toEqual([1, 2]);
});

test('an exception closes the scope, and the scopes left open inside', () => {
  const before = torch.liveTensors();
  expect(() =>
    torch.scope(() => {
      torch.scope();
      torch.ones([1]);
      throw new Error('mine');
    }),
  ).toThrow('mine');
  expect(torch.liveTensors()).toBe(before);
  expect(torch.scope(() => torch.ones([1])).item()).toBe(1);
});

test('a promise is refused', () => {
  expect(() => torch.scope(async () => torch.ones([1]))).toThrow(/scopes are synchronous/);
});

test('scopes of the using form end in reverse order, or free nothing', () => {
  const outer = torch.scope();
  const tensor = torch.ones([1]);
  const inner = torch.scope();
  expect(() => outer[Symbol.dispose]()).toThrow(/not the innermost/);
  expect(tensor.disposed).toBe(false);
  inner[Symbol.dispose]();
  outer[Symbol.dispose]();
  expect(tensor.disposed).toBe(true);
});

test('a grad that is read or assigned in a scope outlives it', () => {
  const w = torch.ones([2], { requiresGrad: true });
  torch.scope(() => {
    w.mul(3).sum().backward();
    expect(w.grad?.tolist()).toEqual([3, 3]);
  });
  expect(w.grad?.tolist()).toEqual([3, 3]);
  expect(w.grad).toBe(w.grad);
  torch.scope(() => {
    w.grad = torch.zeros([2]);
  });
  expect(w.grad?.tolist()).toEqual([0, 0]);
});

test('dispose frees at once, twice is no error, a later use is', () => {
  const before = torch.memoryStats().liveBytes;
  const big = torch.empty([1 << 20]);
  expect(torch.memoryStats().liveBytes - before).toBe(4 << 20);
  big.dispose();
  big.dispose();
  expect(torch.memoryStats().liveBytes).toBe(before);
  expect(() => big.shape).toThrow(TypeError);
});

test('what the threads of a worker held is counted to the byte once they ended', async () => {
  const program = `
    const torch = require(require('node:worker_threads').workerData);
    const x = torch.ones([100], { requiresGrad: true });
    torch.autograd.backwardAsync(x.sum());`;
  const workerData = fileURLToPath(import.meta.resolve('libtorch-node'));
  await settled();
  const before = torch.memoryStats();
  await once(new Worker(program, { eval: true, workerData }), 'exit');
  expect(torch.memoryStats().liveBytes).toBe(before.liveBytes);
  expect(torch.memoryStats().allocations - before.allocations).toBeGreaterThanOrEqual(3);
});

test('the allocator keeps freed blocks, and gives them back when asked', () => {
  torch.empty([8 << 20]).dispose();
  expect(torch.memoryStats().cachedBytes).toBeGreaterThanOrEqual(32 << 20);
  torch.emptyCache();
  expect(torch.memoryStats().cachedBytes).toBe(0);
});

test('storage is aligned like libtorch aligns it', () => {
  for (const size of [1, 3, 17, 1000, 200_000, 3_000_001]) {
    const tensor = torch.empty([size]);
    // A borrowed array is refused unless it is 64-byte aligned, so borrowing it back proves the alignment.
    const again = torch.fromTypedArray(tensor.typedArray());
    expect(again.sharesMemory, `${size} elements`).toBe(true);
  }
});

/** The value inside so many arrays. */
function nested(value: unknown, depth: number): unknown {
  let around = value;
  for (let i = 0; i < depth; i++) around = [around];
  return around;
}

test('a scope keeps a tensor at any depth, and inside what holds itself', () => {
  let tensor: torch.Tensor | undefined;
  torch.scope(() => {
    tensor = torch.ones([1]);
    return nested(tensor, 100_000);
  });
  expect(tensor?.disposed).toBe(false);
  tensor?.dispose();
  torch.scope(() => {
    tensor = torch.ones([1]);
    const around: unknown[] = [tensor];
    around.push({ around }, new Map([[around, around]]));
    return around;
  });
  expect(tensor?.disposed).toBe(false);
  tensor?.dispose();
});

test('a scope ends though its result throws when it is read', () => {
  let inside: torch.Tensor | undefined;
  const hostile = {
    get tensor() {
      throw new Error('mine');
    },
  };
  expect(() =>
    torch.scope(() => {
      inside = torch.ones([1]);
      return hostile;
    }),
  ).toThrow('mine');
  expect(inside?.disposed).toBe(true);
  expect(torch.ones([1]).disposed).toBe(false);
});

test('arrays that hold themselves are no data and no arguments', () => {
  const around: unknown[] = [];
  around.push(around);
  const x = torch.ones([2]);
  expect(() => torch.tensor(around as never)).toThrow("too many dimensions 'list'");
  expect(() => x.add(around as never)).toThrow(/array of array/);
  expect(() => x.add(nested(1, 100_000) as never)).toThrow(/array of array/);
  expect(x.add(1).tolist()).toEqual([2, 2]);
});
