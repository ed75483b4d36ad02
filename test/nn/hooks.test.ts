import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { Xception } from 'libtorch-node/models';
import { describe, expect, it } from 'vitest';

describe('forward hooks', () => {
  it('see inputs and output, and may replace them, in the order of registration', () => {
    const layer = new nn.Identity();
    const x = torch.ones([1]);
    layer.registerForwardPreHook((_, [input]) => (input as torch.Tensor).add(1));
    layer.registerForwardPreHook((_, [input]) => [(input as torch.Tensor).mul(10)]);
    layer.registerForwardHook((module, [input], output) => {
      expect(module).toBe(layer);
      expect(output).toBe(input);
      return output.neg();
    });
    layer.registerForwardHook(() => undefined);
    expect(layer.forward(x).tolist()).toEqual([-20]);
  });

  it('leave no trace when the last one is removed', () => {
    const layer = new nn.Identity();
    const forward = layer.forward;
    const before = layer.registerForwardPreHook(() => undefined);
    const after = layer.registerForwardHook(() => undefined);
    expect(Object.keys(layer)).not.toContain('forward');
    before.remove();
    expect(Object.hasOwn(layer, 'forward')).toBe(true);
    after[Symbol.dispose]();
    after.remove();
    expect(Object.hasOwn(layer, 'forward')).toBe(false);
    expect(layer.forward).toBe(forward);
  });

  it('wrap a forward that is a field, and give it back', () => {
    class Doubling extends nn.Module {
      override forward = (x: torch.Tensor): torch.Tensor => x.mul(2);
    }
    const layer = new Doubling();
    const handle = layer.registerForwardHook((_, __, output) => (output as torch.Tensor).add(1));
    expect(layer.forward(torch.ones([1])).tolist()).toEqual([3]);
    handle.remove();
    expect(layer.forward(torch.ones([1])).tolist()).toEqual([2]);
  });

  it('may hold what they saw inside the scopes of a library model', () => {
    const model = new Xception({ numClasses: 2 }).eval();
    const seen: torch.Tensor[] = [];
    const layer = model.entryBlock2.sepconv1.dconv;
    layer.registerForwardHook((_, [input], output) => {
      seen.push(input as torch.Tensor, output);
    });
    torch.noGrad(() => model.forward(torch.zeros([1, 3, 32, 32])));
    expect(seen.map((tensor) => tensor.shape)).toEqual([
      [1, 128, 8, 8],
      [1, 128, 8, 8],
    ]);
  });
});
