// The report's lesson on in-place ReLU before a residual connection: one case is an error, the other is silent.

import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { PoolEntryBlock, PoolExitBlock, PoolMiddleBlock, SeparableConv2d } from 'libtorch-node/models';
import { describe, expect, it } from 'vitest';

const inPlace = (): nn.ReLU => new nn.ReLU({ inplace: true });
const image = (): torch.Tensor => torch.randn([2, 4, 8, 8]).clone();

describe('an entry block whose first ReLU works in place', () => {
  const block = (): PoolEntryBlock => {
    const made = new PoolEntryBlock(4, 8);
    made.relu1 = inPlace();
    return made;
  };

  it('is an error in backward: the skip has saved what the ReLU overwrote', () => {
    const loss = block().forward(image()).sum();
    expect(() => loss.backward()).toThrow(
      'one of the variables needed for gradient computation has been modified by an inplace operation: ' +
        '[torch.FloatTensor [2, 4, 8, 8]] is at version 1; expected version 0 instead. Hint: enable anomaly detection ' +
        'to find the operation that failed to compute its gradient, with ' +
        'torch.autograd.set_detect_anomaly(True, check_nan=False).',
    );
  });

  it('names the ReLU when its input has a history', () => {
    const input = image().requiresGrad_().mul(1);
    expect(() => block().forward(input).sum().backward()).toThrow(
      '[torch.FloatTensor [2, 4, 8, 8]], which is output 0 of Relu, is at version 1; expected version 0 instead.',
    );
  });

  it('refuses a leaf', () => {
    expect(() => block().forward(image().requiresGrad_())).toThrow(
      'a leaf Variable that requires grad is being used in an in-place operation.',
    );
  });

  it('changes nothing without gradients: the skip was computed before', () => {
    const broken = block().eval();
    const sound = new PoolEntryBlock(4, 8).eval();
    sound.loadStateDict(broken.stateDict());
    const x = image();
    const [expected, got] = torch.noGrad(() => [sound.forward(x), broken.forward(x.clone())]);
    expect(torch.equal(expected, got)).toBe(true);
  });

  it('is sound as the library makes it', () => {
    const x = image().requiresGrad_();
    new PoolEntryBlock(4, 8).forward(x).sum().backward();
    new PoolExitBlock(4, 8).forward(x).sum().backward();
    expect(x.grad?.shape).toEqual([2, 4, 8, 8]);
  });
});

describe('a middle block whose first ReLU works in place', () => {
  it('is silently wrong: it adds relu(x), not x', () => {
    const sound = new PoolMiddleBlock(2).eval();
    const broken = new PoolMiddleBlock(2).eval();
    broken.loadStateDict(sound.stateDict());
    broken.convs.set(0, inPlace());
    const x = torch.randn([1, 2, 3, 3]);
    const given = x.clone();
    const got = broken.forward(given);
    got.sum().backward(); // no error
    expect(torch.equal(got, sound.forward(x))).toBe(false);
    expect(torch.equal(got, x.relu().add(sound.convs.forward(x)))).toBe(true);
    expect(torch.equal(given, x.relu())).toBe(true);
  });

  it('leaves its input alone as the library makes it', () => {
    const x = torch.randn([1, 2, 3, 3]);
    const before = x.clone();
    new PoolMiddleBlock(2).forward(x);
    expect(torch.equal(x, before)).toBe(true);
  });
});

describe('a shared middle block', () => {
  it('is three times one unit, under the names of three', () => {
    const block = new PoolMiddleBlock(2, { shared: true });
    expect(block.convs.at(4)).toBe(block.convs.at(1));
    expect([block.parameters().length, block.stateDict().size]).toEqual([4, 21]);
    block.forward(torch.randn([1, 2, 3, 3]));
    expect((block.convs.at(2) as nn.BatchNorm2d).numBatchesTracked?.item()).toBe(3);
  });

  it('loads the weights of an independent one without a word, and the last of three wins', () => {
    const independent = new PoolMiddleBlock(2);
    const shared = new PoolMiddleBlock(2, { shared: true });
    expect(shared.loadStateDict(independent.stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
    const pconv = (block: PoolMiddleBlock, index: number) =>
      (block.convs.at(index) as SeparableConv2d).pconv.weight;
    expect(torch.equal(pconv(shared, 1), pconv(independent, 7))).toBe(true);
  });
});

it('a separable convolution is a depthwise and a pointwise one', () => {
  const layer = new SeparableConv2d(4, 6, { stride: 2 });
  expect(layer.forward(image()).shape).toEqual([2, 6, 4, 4]);
  expect([layer.dconv.groups, layer.pconv.stride]).toEqual([4, [1, 1]]);
  expect([...layer.stateDict().keys()]).toEqual(['dconv.weight', 'pconv.weight']);
});
