import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const model = () => new nn.Sequential<nn.Layer>(new nn.Conv2d(2, 4, 3), new nn.BatchNorm2d(4));

describe('Module.to', () => {
  it('casts what is floating point, in the same parameter objects', () => {
    const net = model();
    const before = net.parameters();
    expect(net.to(torch.float64)).toBe(net);
    expect(net.parameters().every((parameter, i) => parameter === before[i])).toBe(true);
    expect([...net.stateDict().values()].map((tensor) => tensor.dtype.name)).toEqual([
      ...Array(6).fill('float64'),
      'int64',
    ]);
    expect(before[0]?.requiresGrad && before[0].isLeaf).toBe(true);
  });

  it('takes gradients along', () => {
    const layer = new nn.Linear(1, 1);
    layer
      .forward(torch.ones([1, 1]))
      .sum()
      .backward();
    const { grad } = layer.weight;
    layer.to(torch.float64);
    expect(layer.weight.grad).toBe(grad);
    expect(grad?.dtype).toBe(torch.float64);
  });

  it('changes the memory format of 4-D tensors only', () => {
    const net = model().to({ memoryFormat: torch.channelsLast });
    const conv = net.at(0) as nn.Conv2d;
    expect(conv.weight.stride()).toEqual([18, 1, 6, 2]);
    expect(conv.bias?.stride()).toEqual([1]);
  });

  it('takes a device, a tensor, or both by name', () => {
    const net = model().to(torch.zeros([1], { dtype: torch.float64 }));
    expect(net.parameters()[0]?.dtype).toBe(torch.float64);
    net.to('meta', { dtype: torch.float32 });
    expect(net.parameters().map((p) => [p.device.type, p.dtype.name])[0]).toEqual(['meta', 'float32']);
    expect(net.buffers()[2]?.device.type).toBe('meta');
    net.toEmpty({ device: 'cpu' });
    expect(net.parameters()[0]?.device.type).toBe('cpu');
    expect(net.parameters()[0]).toBeInstanceOf(nn.Parameter);
  });

  it('refuses integral dtypes', () => {
    expect(() => model().to(torch.int64)).toThrow(
      'nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.int64',
    );
  });

  it('keeps what it makes when called in a scope', () => {
    const net = model();
    torch.scope(() => {
      net.to(torch.float64);
    });
    expect(net.stateDict().get('1.running_var')?.tolist()).toEqual([1, 1, 1, 1]);
  });
});

it('casts and moves by name, in place', () => {
  const layer = new nn.BatchNorm1d(2);
  const { weight } = layer;
  expect(layer.double().weight).toBe(weight);
  expect([layer.weight?.dtype, layer.runningMean?.dtype, layer.numBatchesTracked?.dtype]).toEqual([
    torch.float64,
    torch.float64,
    torch.int64,
  ]);
  expect(layer.float().cpu().weight?.dtype).toBe(torch.float32);
  expect(layer.bfloat16().weight?.dtype).toBe(torch.bfloat16);
  expect(layer.half().weight?.dtype).toBe(torch.float16);
});
