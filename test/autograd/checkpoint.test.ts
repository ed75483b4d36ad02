import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { runPython } from '../live-python.js';

const { nn, checkpoint, checkpointSequential } = torch;
const F = nn.functional;

function bytes(tensor: torch.Tensor | null): string {
  return Buffer.from(tensor?.detach().contiguous().typedArray().buffer as ArrayBuffer).toString('hex');
}

/** Loss, gradients and the generator's state of one step. */
function step(run: (block: (x: torch.Tensor) => torch.Tensor, x: torch.Tensor) => torch.Tensor): string[] {
  torch.manualSeed(7);
  const [first, second] = [new nn.Linear(16, 32), new nn.Linear(32, 16)];
  const x = torch.randn([8, 16], { requiresGrad: true });
  const block = (input: torch.Tensor) => second.forward(F.dropout(F.relu(first.forward(input)), { p: 0.5 }));
  const loss = run(block, x).pow(2).sum();
  loss.backward();
  const parameters = [...first.parameters(), ...second.parameters()];
  return [loss, x.grad, ...parameters.map(({ grad }) => grad), torch.getRngState()].map((tensor) =>
    bytes(tensor as torch.Tensor),
  );
}

const plain = step((block, x) => block(x));

test('bits are those without checkpoint, random numbers included', () => {
  expect(step((block, x) => checkpoint(block, x))).toEqual(plain);
  expect(step((block, x) => checkpoint(block, x, { useReentrant: false, earlyStop: false }))).toEqual(plain);
  expect(step((block, x) => torch.scope(() => checkpoint(block, x)))).toEqual(plain);
  expect(step((block, x) => checkpoint(block, x, { preserveRngState: false }))).not.toEqual(plain);
});

test('the arguments may be disposed, the backward awaited', async () => {
  const x = torch.ones([3], { requiresGrad: true });
  const given = x.mul(2);
  const y = checkpoint((a: torch.Tensor) => a.exp().sin(), given);
  given.dispose();
  await y.sum().backwardAsync();
  const expected = torch.ones([3], { requiresGrad: true });
  expected.mul(2).exp().sin().sum().backward();
  expect(bytes(x.grad)).toBe(bytes(expected.grad));
});

test('a retained graph and nested checkpoints', () => {
  const run = (f: (x: torch.Tensor) => torch.Tensor) => {
    const x = torch.tensor([0.5, 1], { requiresGrad: true });
    const y = f(x).sum();
    y.backward({ retainGraph: true });
    y.backward();
    return x.grad?.tolist();
  };
  const inner = (x: torch.Tensor) => x.exp().sin();
  const outer = (x: torch.Tensor) => checkpoint(inner, x.cos()).exp();
  expect(run((x) => checkpoint(outer, x))).toEqual(run((x) => inner(x.cos()).exp()));
});

test('what is computed again runs under the autocast of the forward', () => {
  const gradient = (run: (f: (x: torch.Tensor) => torch.Tensor, x: torch.Tensor) => torch.Tensor) => {
    torch.manualSeed(3);
    const [w, x] = [torch.randn([8, 8]), torch.randn([8, 8], { requiresGrad: true })];
    const f = (a: torch.Tensor) => a.matmul(w).exp().matmul(w);
    torch.amp
      .autocast('cpu', {}, () => run(f, x))
      .float()
      .sum()
      .backward();
    return bytes(x.grad);
  };
  expect(gradient((f, x) => checkpoint(f, x))).toBe(gradient((f, x) => f(x)));
});

test('second derivatives go through', () => {
  const second = (f: (x: torch.Tensor) => torch.Tensor) => {
    const x = torch.tensor([0.5], { requiresGrad: true });
    const [first] = torch.autograd.grad(f(x), x, { createGraph: true });
    return torch.autograd.grad(first as torch.Tensor, x)[0]?.item();
  };
  const cube = (x: torch.Tensor) => x.mul(x).mul(x);
  expect(second((x) => checkpoint(cube, x))).toBe(second(cube));
});

test('the peak of a deep net is lower', () => {
  const layers = Array.from({ length: 16 }, () => (x: torch.Tensor) => torch.scope(() => x.sin().cos()));
  const peak = (run: (x: torch.Tensor) => torch.Tensor) => {
    const x = torch.ones([1 << 18], { requiresGrad: true });
    torch.resetPeakMemory();
    const before = torch.memoryStats().peakBytes;
    torch.scope(() => run(x).sum().backward());
    const used = torch.memoryStats().peakBytes - before;
    x.grad?.dispose();
    return used;
  };
  const whole = peak((x) => layers.reduce((result, layer) => layer(result), x));
  const pieces = peak((x) => checkpointSequential(layers, 4, x));
  console.log(`peak: ${(whole / 2 ** 20).toFixed(1)} MB without, ${(pieces / 2 ** 20).toFixed(1)} MB with`);
  expect(pieces).toBeLessThan(whole * 0.6);
});

test('a function that does something else the second time is refused in the words of Python', () => {
  const message = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message.trim()}`;
    }
    return 'nothing';
  };
  const twice = (first: (x: torch.Tensor) => torch.Tensor, then: (x: torch.Tensor) => torch.Tensor) => {
    let runs = 0;
    const x = torch.ones([2, 3], { requiresGrad: true });
    const y = checkpoint((a: torch.Tensor) => (runs++ === 0 ? first(a) : then(a)), x, { earlyStop: false });
    return message(() => y.sum().backward());
  };
  const ours = [
    twice(
      (x) => x.exp().exp(),
      (x) => x.exp(),
    ),
    twice(
      (x) => x.exp(),
      (x) => x.index(0).exp(),
    ),
    twice(
      (x) => x.exp(),
      (x) => x.exp().exp(),
    ),
    message(() => checkpoint((x: torch.Tensor) => x, torch.ones([1]), { determinismCheck: 'all' as never })),
  ];
  const expected = runPython<string[]>(`
import torch
from torch.utils.checkpoint import checkpoint
def text(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__ + ': ' + str(error).split(chr(10) + 'Tip:')[0].strip()
def twice(first, then):
    runs = []
    x = torch.ones(2, 3, requires_grad=True)
    def f(a):
        runs.append(1)
        return first(a) if len(runs) == 1 else then(a)
    y = checkpoint(f, x, use_reentrant=False, early_stop=False)
    return text(lambda: y.sum().backward())
print(json.dumps([
    twice(lambda x: x.exp().exp(), lambda x: x.exp()),
    twice(lambda x: x.exp(), lambda x: x[0].exp()),
    twice(lambda x: x.exp(), lambda x: x.exp().exp()),
    text(lambda: checkpoint(lambda x: x, torch.ones(1), use_reentrant=False, determinism_check='all')),
]))`);
  expect(ours).toEqual(expected);
});

test('an argument that was changed in place is refused', () => {
  const x = torch.ones([2], { requiresGrad: true });
  const given = x.mul(1);
  const y = checkpoint((a: torch.Tensor) => a.exp(), given);
  torch.noGrad(() => given.add_(1));
  expect(() => y.sum().backward()).toThrow(
    /modified by an inplace operation.* is at version 1; expected version 0/,
  );
});

test('without a graph the function just runs; reentrant checkpoints are refused', () => {
  let runs = 0;
  const count = (x: torch.Tensor) => {
    runs++;
    return x.exp();
  };
  torch.noGrad(() => checkpoint(count, torch.ones([1], { requiresGrad: true })));
  expect(runs).toBe(1);
  expect(() => checkpoint(count, torch.ones([1]), { useReentrant: true as never })).toThrow(TypeError);
});
