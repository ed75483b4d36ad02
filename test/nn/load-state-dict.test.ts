import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const linear = (): nn.Linear => new nn.Linear(2, 3);

function message(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(torch.TorchError);
    return (error as Error).message;
  }
  throw new Error('loaded without an error');
}

describe('stateDict', () => {
  it('is ordered and carries the version of each module', () => {
    const state = new nn.Sequential<nn.Layer>(new nn.Conv2d(1, 2, 3), new nn.BatchNorm2d(2)).stateDict();
    expect([...state.keys()]).toEqual([
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
      '1.running_mean',
      '1.running_var',
      '1.num_batches_tracked',
    ]);
    expect([...(state.metadata ?? [])]).toEqual([
      ['', new Map([['version', 1]])],
      ['0', new Map([['version', 1]])],
      ['1', new Map([['version', 2]])],
    ]);
  });

  it('shares memory with the module, outside of autograd', () => {
    const layer = linear();
    const weight = layer.stateDict().get('weight') as torch.Tensor;
    expect(weight.requiresGrad).toBe(false);
    weight.fill_(7);
    expect(layer.weight.tolist()).toEqual([
      [7, 7],
      [7, 7],
      [7, 7],
    ]);
    expect(layer.stateDict({ keepVars: true }).get('weight')).toBe(layer.weight);
  });
});

describe('loadStateDict', () => {
  it('copies into the same parameters', () => {
    const [from, to] = [linear(), linear()];
    const { weight } = to;
    expect(to.loadStateDict(from.stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(to.weight).toBe(weight);
    expect(weight.tolist()).toEqual(from.weight.tolist());
    expect(weight.requiresGrad).toBe(true);
    from.weight.detach().zero_();
    expect(weight.tolist()).not.toEqual(from.weight.tolist());
  });

  it('reports everything at once, in the words of PyTorch', () => {
    const state = new Map([
      ['weight', torch.zeros([4, 2])],
      ['extra', torch.zeros([1])],
    ]);
    expect(message(() => linear().loadStateDict(state))).toBe(
      'Error(s) in loading state_dict for Linear:\n\tMissing key(s) in state_dict: "bias". \n\t' +
        'Unexpected key(s) in state_dict: "extra". \n\tsize mismatch for weight: copying a param with shape ' +
        'torch.Size([4, 2]) from checkpoint, the shape in current model is torch.Size([3, 2]).',
    );
  });

  it('forgives keys without strict, never shapes', () => {
    const state = new Map([['module.weight', torch.zeros([3, 2])]]);
    expect(linear().loadStateDict(state, { strict: false })).toEqual({
      missingKeys: ['weight', 'bias'],
      unexpectedKeys: ['module.weight'],
    });
    const shape = new Map([['weight', torch.zeros([6])]]);
    expect(message(() => linear().loadStateDict(shape, { strict: false }))).toContain(
      'size mismatch for weight',
    );
  });

  it('says unexpected keys at every depth, and that null is not there', () => {
    const model = new nn.Sequential(new nn.Linear(1, 1, { bias: false }));
    const state = new Map(model.stateDict());
    for (const key of ['0.bias', '0.weight.x', '1.weight', '0']) state.set(key, torch.zeros([1]));
    expect(model.loadStateDict(state, { strict: false }).unexpectedKeys).toEqual([
      '1.weight',
      '0',
      '0.bias',
      '0.weight.x',
    ]);
  });

  it('names what is no tensor, and what cannot be copied', () => {
    const state = new Map<string, torch.Tensor>([['bias', torch.zeros([3])]]);
    state.set('weight', 3 as unknown as torch.Tensor);
    expect(message(() => linear().loadStateDict(state))).toContain(
      'While copying the parameter named "weight", expected torch.Tensor or Tensor-like object from checkpoint ' +
        'but received number',
    );
    state.set('weight', torch.zeros([3, 2], { device: 'meta' }));
    expect(message(() => linear().loadStateDict(state))).toMatch(
      /While copying the parameter named "weight", whose dimensions in the model are torch\.Size\(\[3, 2\]\) and whose dimensions in the checkpoint are torch\.Size\(\[3, 2\]\), an exception occurred : \('/,
    );
  });

  it('takes Maps only', () => {
    expect(() => linear().loadStateDict([] as unknown as Map<string, torch.Tensor>)).toThrow(
      'Expected state_dict to be dict-like, got Array.',
    );
  });

  it('takes one element for a 0-dim tensor, as files of PyTorch 0.3 have it', () => {
    const norm = new nn.BatchNorm2d(1);
    const state = new Map(norm.stateDict());
    state.set('num_batches_tracked', torch.tensor([5n]));
    norm.loadStateDict(state);
    expect(norm.numBatchesTracked?.item()).toBe(5);
  });

  it('puts the tensors of the dict in place with assign', () => {
    const layer = linear().to('meta');
    const state = linear().stateDict();
    layer.loadStateDict(state, { assign: true });
    expect(layer.weight).toBeInstanceOf(nn.Parameter);
    expect(layer.weight.requiresGrad).toBe(true);
    state.get('weight')?.fill_(3);
    expect(layer.weight.select(0, 0).tolist()).toEqual([3, 3]);
  });
});

describe('num_batches_tracked', () => {
  const withoutCount = (): nn.StateDict => {
    const state = new nn.BatchNorm2d(1).stateDict();
    state.delete('num_batches_tracked');
    return state;
  };

  it('may be missing in a dict older than version 2 or without metadata, and keeps its value then', () => {
    const norm = new nn.BatchNorm2d(1);
    norm.numBatchesTracked?.fill_(9);
    norm.loadStateDict(new Map(withoutCount()));
    const old = withoutCount();
    old.metadata?.set('', new Map([['version', 1]]));
    norm.loadStateDict(old);
    expect(norm.numBatchesTracked?.item()).toBe(9);
  });

  it('must be there at version 2', () => {
    expect(message(() => new nn.BatchNorm2d(1).loadStateDict(withoutCount()))).toContain(
      'Missing key(s) in state_dict: "num_batches_tracked". ',
    );
  });
});
