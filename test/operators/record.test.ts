import { createHash } from 'node:crypto';
import * as torch from 'libtorch-node';
import { Xception } from 'libtorch-node/models';
import { expect, test } from 'vitest';

torch.setNumThreads(1);
const { nn } = torch;
const bits = (tensor: torch.Tensor) =>
  createHash('sha256').update(tensor.detach().contiguous().typedArray()).digest('hex');
const seeded = (seed: number, ...size: number[]) => {
  torch.manualSeed(seed);
  return torch.randn(size);
};

test('a recorded model gives the bits of the model, with other inputs too', () => {
  torch.manualSeed(0);
  const model = new Xception({ numClasses: 3 }).eval();
  const recording = torch.noGrad(() =>
    torch.record((x: torch.Tensor) => model.forward(x), [torch.zeros(2, 3, 40, 40)]),
  );
  const x = seeded(1, 2, 3, 40, 40);
  torch.noGrad(() => expect(bits(recording.run(x))).toEqual(bits(model.forward(x))));
  expect(recording.operators[0]).toMatch(/^aten::conv2d/);
});

test('parameters are constants by reference, and gradients flow to them', () => {
  torch.manualSeed(0);
  const linear = new nn.Linear(4, 3);
  const x = seeded(1, 5, 4);
  const loss = (input: torch.Tensor) => linear.forward(input).relu().sum();
  const recording = torch.record(loss, [x]);
  torch.noGrad(() => linear.weight.mul_(2));
  loss(x).backward();
  const wanted = bits(linear.weight.grad as torch.Tensor);
  linear.weight.grad = null;
  const result = recording.run(x);
  expect(bits(result.detach())).toEqual(bits(loss(x).detach()));
  result.backward();
  expect(bits(linear.weight.grad as unknown as torch.Tensor)).toEqual(wanted);
});

test('in-place operators, buffers and random draws happen at every run', () => {
  const model = new nn.Sequential(new nn.BatchNorm2d(2), new nn.Dropout(0.5));
  const x = seeded(1, 4, 2, 3, 3);
  const recording = torch.record((input: torch.Tensor) => model.forward(input), [x]);
  expect((model.at(0) as InstanceType<typeof nn.BatchNorm2d>).numBatchesTracked?.item()).toBe(1);
  torch.manualSeed(5);
  const eager = bits(model.forward(x).detach());
  torch.manualSeed(5);
  expect(bits(recording.run(x).detach())).toEqual(eager);
  expect((model.at(0) as InstanceType<typeof nn.BatchNorm2d>).numBatchesTracked?.item()).toBe(3);
});

test("modes of the function are its own, those of the caller the caller's", () => {
  const w = torch.ones([2], { requiresGrad: true });
  const recording = torch.record(
    (x: torch.Tensor) => [torch.noGrad(() => w.mul(x)), w.mul(x)],
    [torch.ones(2)],
  );
  const [frozen, live] = recording.run(torch.ones(2)) as [torch.Tensor, torch.Tensor];
  expect([frozen.requiresGrad, live.requiresGrad]).toEqual([false, true]);
  const [, quiet] = torch.noGrad(() => recording.run(torch.ones(2))) as [torch.Tensor, torch.Tensor];
  expect(quiet.requiresGrad).toBe(false);
});

test('results keep their shape: arrays, objects, Maps, null, an input, a constant, the same tensor twice', () => {
  const constant = torch.ones(1);
  const recording = torch.record(
    (x: torch.Tensor) => {
      const y = x.add(1);
      return {
        list: [y, y.mul(2), x],
        map: new Map([['constant', constant]]),
        none: null,
        split: x.split(1),
      };
    },
    [torch.zeros(2)],
  );
  const x = torch.tensor([3, 4]);
  const { list, map, none, split } = recording.run(x);
  expect(list.map((tensor) => tensor.tolist())).toEqual([
    [4, 5],
    [8, 10],
    [3, 4],
  ]);
  expect(map.get('constant')?.tolist()).toEqual([1]);
  expect(none).toBeNull();
  expect(split.map((tensor) => tensor.tolist())).toEqual([[3], [4]]);
});

test('a free batch size: integers follow it', () => {
  torch.manualSeed(0);
  const weight = torch.randn(3, 6);
  const body = (x: torch.Tensor) => {
    const [n] = x.shape as [number];
    const rows = x
      .view([n * 2, 3])
      .matmul(weight)
      .reshape([n, 2, 6]);
    return [rows.sum({ dim: [1] }), torch.zeros(n, 2).add(1), rows.chunk(2, 1)[1] as torch.Tensor];
  };
  const recording = torch.record(body, [torch.zeros(2, 6)], { dynamicBatch: true });
  for (const n of [1, 2, 5, 9]) {
    const x = seeded(n, n, 6);
    expect(recording.run(x).map(bits)).toEqual(body(x).map(bits));
  }
  const fixed = torch.record(body, [torch.zeros(2, 6)]);
  expect(() => fixed.run(torch.zeros(3, 6))).toThrow(
    'input 0 has shape [3, 6], the function was recorded with [2, 6]',
  );
});

test('what cannot follow the batch size is refused', () => {
  const record = (body: (x: torch.Tensor) => unknown) => () =>
    torch.record(body, [torch.ones(2, 3)], { dynamicBatch: true });
  expect(record((x) => x.div(x.size(0) + 1))).toThrow(
    /the batch size cannot be free: aten::div.* got 3 for a batch of 2/,
  );
  expect(record((x) => [...x].map((row) => row.mul(2)))).toThrow('the batch size cannot be free');
  expect(record((x) => x.mul(1 / x.size(0)))).toThrow('the batch size cannot be free');
  expect(() => torch.record((x: torch.Tensor) => x, [torch.tensor(1)], { dynamicBatch: true })).toThrow(
    'a first example',
  );
});

test('an example that the function uses by itself is a constant there', () => {
  const a = torch.tensor([2, 3]);
  const recording = torch.record((x: torch.Tensor) => x.mul(a), [a]);
  expect(recording.run(torch.tensor([10, 10])).tolist()).toEqual([20, 30]);
});

test('inputs are checked', () => {
  const recording = torch.record(
    (x: torch.Tensor, y: torch.Tensor) => x.add(y),
    [torch.ones(2, 3), torch.ones(3)],
  );
  const ones = torch.ones(3);
  expect(() => recording.run(torch.ones(2, 3), torch.ones([3], { dtype: torch.float64 }))).toThrow(
    'input 1 has dtype Double, the function was recorded with Float',
  );
  expect(() => recording.run(torch.ones(3, 2).t(), ones)).toThrow('input 0 has strides [1, 2]');
  expect(() => recording.run(torch.ones(2, 3), torch.ones(2))).toThrow('input 1 has shape [2]');
  // @ts-expect-error one is missing
  expect(() => recording.run(torch.ones(2, 3))).toThrow('recorded with 2 inputs, got 1');
  // @ts-expect-error no tensor
  expect(() => recording.run(torch.ones(2, 3), 1)).toThrow('input 1 must be a Tensor, not number');
  const gone = torch.ones(3);
  gone.dispose();
  expect(() => recording.run(torch.ones(2, 3), gone)).toThrow('this tensor was disposed');
});

test('what a recording cannot follow throws, and leaves nothing behind', () => {
  const record = (body: (x: torch.Tensor) => unknown) => () => torch.record(body, [torch.ones(2)]);
  const unreadable = 'a recorded function cannot read the contents of what it computes';
  expect(record((x) => x.mul(2).sum().item())).toThrow(unreadable);
  expect(record((x) => torch.full([2], x.sum() as unknown as number))).toThrow(unreadable);
  expect(record((x) => x.mul(2).tolist())).toThrow(/cannot be recorded|cannot read/);
  expect(record((x) => x.add(1).typedArray())).toThrow('bytes() cannot be recorded');
  expect(record((x) => x.clone().requiresGrad_().sum().backward())).toThrow(/cannot be recorded/);
  expect(record(() => torch.manualSeed(1))).toThrow('seedAll() cannot be recorded');
  expect(record((x) => torch.record((y: torch.Tensor) => y, [x]))).toThrow('record() inside of record()');
  expect(record(async (x) => x)).toThrow('record() got a promise');
  expect(record(() => 5)).toThrow(
    'expected tensors, or arrays, plain objects or Maps of tensors, not number 5',
  );
  expect(
    record(() => {
      throw new RangeError('mine');
    }),
  ).toThrow('mine');
  expect(torch.ones(2).sum().item()).toBe(2);
});

test('a recording inside of a recording', () => {
  const inner = torch.record((x: torch.Tensor) => x.mul(2), [torch.ones(2)]);
  const outer = torch.record((x: torch.Tensor) => inner.run(x.add(1)), [torch.ones(2)]);
  expect(outer.operators.map((text) => text.slice(0, 9))).toEqual(['aten::add', 'aten::mul']);
  expect(outer.run(torch.tensor([1, 2])).tolist()).toEqual([4, 6]);
});

test('awaited: the same bits, timers run, inputs may be disposed, errors reject', async () => {
  const a = seeded(0, 700, 700).div(30);
  const body = (x: torch.Tensor) => {
    let y = x;
    for (let i = 0; i < 20; i++) y = y.matmul(a);
    return y;
  };
  const recording = torch.record(body, [a]);
  const x = seeded(1, 700, 700);
  const wanted = bits(body(x));
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 1);
  const pending = recording.runAsync(x);
  x.dispose();
  const result = await pending;
  clearInterval(timer);
  expect(bits(result)).toEqual(wanted);
  expect(ticks).toBeGreaterThan(5);
  await expect(recording.runAsync(torch.ones(2))).rejects.toThrow('input 0 has shape [2]');
});

test('a thousand runs leave as many tensors as one', () => {
  const recording = torch.record((x: torch.Tensor) => x.mul(2).add(1).relu(), [torch.ones(8)]);
  const x = torch.ones(8);
  const before = torch.liveTensors();
  torch.scope(() => {
    for (let i = 0; i < 1000; i++) recording.run(x);
  });
  expect(torch.liveTensors()).toBeLessThanOrEqual(before); // less, if garbage was collected meanwhile
});
