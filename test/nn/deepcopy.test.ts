import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

describe('deepcopy', () => {
  it('gives tensors of its own, buffers that stay buffers, and the same sharing', () => {
    const shared = new nn.Linear(2, 2);
    const norm = new nn.BatchNorm1d(2);
    const model = new nn.Sequential<nn.Layer>(shared, norm, shared);
    const copy = nn.deepcopy(model);
    expect(copy.at(0) === copy.at(2)).toBe(true);
    expect(copy.at(0) === shared).toBe(false);
    expect(copy).toBeInstanceOf(nn.Sequential);
    torch.noGrad(() => shared.weight.fill_(7));
    norm.runningMean?.fill_(7);
    expect((copy.at(0) as nn.Linear).weight.tolist()).not.toEqual(shared.weight.tolist());
    expect((copy.at(1) as nn.BatchNorm1d).runningMean?.tolist()).toEqual([0, 0]);
    expect([...copy.stateDict().keys()]).toEqual([...model.stateDict().keys()]);
  });

  it('keeps what is not persistent out of files, hooks in place, and a frozen parameter frozen', () => {
    class Scratch extends nn.Module {
      readonly scratch = this.registerBuffer('scratch', torch.zeros([1]), { persistent: false });
      readonly weight = new nn.Parameter(torch.ones([1]), false);
      private readonly names = new Map([['a', [this.weight]]]);

      override forward(x: torch.Tensor): torch.Tensor {
        return x.mul(this.names.get('a')?.[0] as torch.Tensor);
      }
    }
    const module = new Scratch();
    module.registerForwardHook((_, __, output) => output.add(1));
    const copy = nn.deepcopy(module);
    expect([...copy.stateDict().keys()]).toEqual(['weight']);
    expect(copy.weight.requiresGrad).toBe(false);
    torch.noGrad(() => copy.weight.fill_(5));
    expect(copy.forward(torch.ones([1])).tolist()).toEqual([6]);
    expect(module.forward(torch.ones([1])).tolist()).toEqual([2]);
  });

  it('refuses a tensor that was computed', () => {
    const module = Object.assign(new nn.Module(), { value: torch.ones([1], { requiresGrad: true }).mul(2) });
    expect(() => nn.deepcopy(module)).toThrow('Only Tensors created explicitly by the user (graph leaves)');
  });

  it('copies lazy layers, which become what they are apart', () => {
    const lazy = new nn.LazyLinear(3);
    const copy = nn.deepcopy(lazy);
    copy.forward(torch.ones([1, 4]));
    expect([String(lazy), String(copy)]).toEqual([
      'LazyLinear(in_features=0, out_features=3, bias=True)',
      'Linear(in_features=4, out_features=3, bias=True)',
    ]);
  });
});
