import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

describe('lazy layers', () => {
  it('print and list what is to come, and refuse its shape', () => {
    const layer = new nn.LazyConv2d(4, 3);
    expect(String(layer)).toBe('LazyConv2d(0, 4, kernel_size=(3, 3), stride=(1, 1))');
    expect([...layer.stateDict().values()].map(String)).toEqual(Array(2).fill('<UninitializedParameter>'));
    expect(() => layer.weight.shape).toThrow(
      "Can't access the shape of an uninitialized parameter or buffer",
    );
  });

  it('keep their parameters as objects, so that an optimizer may have them already', () => {
    const layer = new nn.LazyLinear(2);
    const { weight } = layer;
    layer.forward(torch.ones([1, 3]));
    expect(layer.weight).toBe(weight);
    expect(weight.shape).toEqual([2, 3]);
    expect(nn.isUninitialized(weight)).toBe(false);
    expect(layer.constructor).toBe(nn.Linear);
  });

  it('take their shapes from a state dict too', () => {
    const layer = new nn.LazyBatchNorm2d();
    const known = new nn.BatchNorm2d(5);
    torch.noGrad(() => known.weight?.fill_(3));
    layer.loadStateDict(known.stateDict());
    expect(layer.weight?.tolist()).toEqual([3, 3, 3, 3, 3]);
    expect(layer.forward(torch.randn([2, 5, 3, 3])).shape).toEqual([2, 5, 3, 3]);
  });

  it('refuse an input with another number of dimensions', () => {
    expect(() => new nn.LazyConv2d(4, 3).forward(torch.ones([3, 3]))).toThrow(
      'Expected 3D (unbatched) or 4D (batched) input to LazyConv2d, but got input of size: torch.Size([3, 3])',
    );
  });

  it('run hooks once per forward, also in the one that turns them', () => {
    const layer = new nn.LazyLinear(2);
    let calls = 0;
    layer.registerForwardHook(() => void calls++);
    layer.forward(torch.ones([1, 3]));
    layer.forward(torch.ones([1, 3]));
    expect(calls).toBe(2);
  });
});
