// TorchScript archives that live Python compiles, loaded and run here: the same bits as there.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runPython } from '../live-python.js';

const { jit } = torch;
const folder = mkdtempSync(join(tmpdir(), 'jit-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

interface Outputs {
  x: number[][];
  eval: number[][];
  frozen: number[][];
  train: number[][];
  parameters: string[];
  buffers: string[];
}

let python: Outputs;

beforeAll(() => {
  // TorchScript compiles from source, so the module is in a file.
  writeFileSync(
    path('compiled.py'),
    `
import torch
from typing import Dict, List, Optional, Tuple
class Net(torch.nn.Module):
    scale: float
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3)
        self.norm = torch.nn.BatchNorm2d(4)
        self.scale = 2.0
    def forward(self, x):
        return torch.relu(self.norm(self.conv(x))).mean([2, 3])
    @torch.jit.export
    def describe(self, n: int, rate: float, name: str, flag: bool, maybe: Optional[int]) -> str:
        return f"{n} {rate} {name} {flag} {maybe}"
    @torch.jit.export
    def collect(self, xs: List[torch.Tensor], by: Dict[str, torch.Tensor], pair: Tuple[int, float]) -> Tuple[List[torch.Tensor], Dict[str, torch.Tensor], Tuple[int, float]]:
        return [x + 1 for x in xs], {k: v * 2 for k, v in by.items()}, (pair[0] + 1, pair[1] / 2)
    @torch.jit.export
    def numbers(self, xs: List[float]) -> List[float]:
        return [x * self.scale for x in xs]
    @torch.jit.export
    def fail(self, x):
        raise ValueError("no")
`,
  );
  python = runPython<Outputs>(
    `
sys.path.insert(0, input)
sys.dont_write_bytecode = True
import torch, compiled
torch.set_num_threads(1)
torch.manual_seed(0)
net = torch.jit.script(compiled.Net())
x = torch.rand(2, 3, 6, 6)
net.eval()
outputs = {"x": x.tolist(), "eval": net(x).tolist()}
net.save(input + "/net.pt")
outputs["frozen"] = torch.jit.freeze(net)(x).tolist()
net.train()
outputs["train"] = net(x).tolist()
outputs["parameters"] = [n for n, _ in net.named_parameters()]
outputs["buffers"] = [n for n, _ in net.named_buffers()]
print(json.dumps(outputs))
`,
    folder,
  );
  torch.setNumThreads(1);
});

const input = () => torch.tensor(python.x as never);

it('runs forward to the same bits, in eval and in train mode', () => {
  const net = jit.load(path('net.pt'));
  expect(net.training).toBe(false);
  torch.noGrad(() => {
    expect(net.forward(input()).tolist()).toEqual(python.eval);
    expect(net.train().forward(input()).tolist()).toEqual(python.train);
    expect(net.training).toBe(true);
    expect(net.eval().training).toBe(false);
  });
});

it('loads from bytes, and to a device', () => {
  const net = jit.load(readFileSync(path('net.pt')), { mapLocation: 'cpu' });
  expect(torch.noGrad(() => net.forward(input()).tolist())).toEqual(python.eval);
});

it('gives its parameters and buffers, whose memory is its own', () => {
  const net = jit.load(path('net.pt'));
  expect(net.namedParameters().map(([name]) => name)).toEqual(python.parameters);
  expect(net.namedBuffers().map(([name]) => name)).toEqual(python.buffers);
  expect(net.parameters()[0]?.requiresGrad).toBe(true);
  torch.noGrad(() => {
    for (const parameter of net.parameters()) parameter.zero_();
    expect(net.forward(input()).abs().sum().item()).toBe(0);
  });
});

it('trains: gradients reach its parameters', () => {
  const net = jit.load(path('net.pt')).train();
  net.forward(input()).sum().backward();
  expect(net.parameters().every((parameter) => parameter.grad !== null)).toBe(true);
});

describe('values', () => {
  const net = () => jit.load(path('net.pt'));

  it('of simple types, numbers as the parameter wants them', () => {
    expect(net().run('describe', 1, 2, 'x', true, null)).toBe('1 2. x True None');
    expect(net().run('describe', 1, 2.5, 'x', false, 4)).toBe('1 2.5 x False 4');
    expect(net().run('numbers', [1, 2.5])).toEqual([2, 5]);
    expect(net().attribute('scale')).toBe(2);
  });

  it('of lists, dicts and tuples', () => {
    const [list, dict, pair] = net().run('collect', [torch.ones([2])], { a: torch.ones([1]) }, [1, 3]) as [
      torch.Tensor[],
      Map<string, torch.Tensor>,
      number[],
    ];
    expect(list.map((tensor) => tensor.tolist())).toEqual([[2, 2]]);
    expect([...dict].map(([key, tensor]) => [key, tensor.tolist()])).toEqual([['a', [2]]]);
    expect([pair.constructor, [...pair]]).toEqual([torch.serialization.Tuple, [2, 1.5]]);
  });

  it('that do not fit are refused with the reason', () => {
    expect(() => net().run('describe', 1.5, 1, 'x', true, null)).toThrow(/expected an integer, not 1.5/);
    expect(() => net().run('describe', 1, 1, 2, true, null)).toThrow(/Expected a value of type 'str'/);
    expect(() => net().forward()).toThrow(/missing value for argument 'x'/);
    expect(() => net().forward(input(), 1)).toThrow(/takes 1 arguments, not 2/);
    expect(() => net().forward(new Date())).toThrow(/cannot be given Date/);
    expect(() => net().run('nothing')).toThrow(/Method 'nothing' is not defined/);
    expect(() => net().run('fail', input())).toThrow(/no/);
  });
});

it('freezes, optimizes and saves; Python opens what is saved', () => {
  const net = jit.load(path('net.pt'));
  torch.noGrad(() => {
    const frozen = jit.freeze(net);
    // Freezing folds the batch norm into the convolution, so it has bits of its own.
    expect(frozen.forward(input()).tolist()).toEqual(python.frozen);
    expect(frozen.parameters()).toEqual([]);
    const optimized = jit.optimizeForInference(net).forward(input());
    expect(torch.allclose(optimized, torch.tensor(python.eval))).toBe(true);
  });
  expect(() => jit.freeze(jit.load(path('net.pt')).train())).toThrow(/eval/);
  jit.save(net, path('again.pt'));
  expect(torch.noGrad(() => jit.load(path('again.pt')).forward(input()).tolist())).toEqual(python.eval);
  const read = runPython<number[][]>(
    `import torch\ntorch.set_num_threads(1)\nnet = torch.jit.load(input["path"])\nprint(json.dumps(net(torch.tensor(input["x"])).tolist()))`,
    { path: path('again.pt'), x: python.x },
  );
  expect(read).toEqual(python.eval);
});

it('moves to another dtype', () => {
  const net = jit.load(path('net.pt')).to(torch.float64);
  expect(net.parameters()[0]?.dtype).toBe(torch.float64);
  expect(net.forward(input().double()).dtype).toBe(torch.float64);
});

it('says what is wrong with a file', () => {
  expect(() => torch.load(path('net.pt'))).toThrow(/TorchScript archive.*torch\.jit\.load/);
  torch.save({ a: 1 }, path('plain.pt'));
  expect(() => jit.load(path('plain.pt'))).toThrow(
    /cannot load .*plain.pt: it is not a TorchScript archive.*torch\.load/,
  );
  const bytes = readFileSync(path('net.pt'));
  const data = bytes.indexOf('net/data/0FB') + 130;
  bytes[data] = (bytes[data] as number) ^ 1;
  expect(() => jit.load(bytes)).toThrow(torch.serialization.CheckpointError);
  expect(() => jit.load(path('net.pt').concat('x'))).toThrow(/ENOENT/);
});
