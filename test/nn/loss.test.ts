import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const logits = (): torch.Tensor =>
  torch.tensor([
    [1, 2, 3],
    [1, 0, -1],
  ]);
const target = (): torch.Tensor => torch.tensor([2n, 1n]);

describe('cross entropy', () => {
  it.each([
    ['mean', {}, 0.9076058864593506],
    ['sum', { reduction: 'sum' }, 1.8152117729187012],
    ['none', { reduction: 'none' }, [0.40760594606399536, 1.4076058864593506]],
    ['ignored index', { ignoreIndex: 1 }, 0.40760594606399536],
    ['label smoothing', { labelSmoothing: 0.1 }, 0.9576058983802795],
  ] as const)('%s', (_, options, expected) => {
    expect(new nn.CrossEntropyLoss(options).forward(logits(), target()).tolist()).toEqual(expected);
    expect(nn.functional.crossEntropy(logits(), target(), options).tolist()).toEqual(expected);
  });

  it('weights classes by a buffer that is part of the state', () => {
    const loss = new nn.CrossEntropyLoss({ weight: torch.tensor([1, 2, 4]) });
    expect(loss.forward(logits(), target()).item()).toBe(0.7409393191337585);
    expect([...loss.stateDict().keys()]).toEqual(['weight']);
    expect([...new nn.CrossEntropyLoss().stateDict().keys()]).toEqual([]);
  });

  it('takes probabilities', () => {
    const probabilities = torch.tensor([
      [0.2, 0.3, 0.5],
      [1, 0, 0],
    ]);
    expect(nn.functional.crossEntropy(logits(), probabilities).item()).toBe(0.7576059103012085);
  });

  it('is the negative log likelihood of the log softmax', () => {
    const { nllLoss, logSoftmax } = nn.functional;
    expect(nllLoss(logSoftmax(logits(), 1), target()).item()).toBe(0.9076058864593506);
  });

  it('refuses another reduction', () => {
    expect(() => nn.functional.crossEntropy(logits(), target(), { reduction: 'avg' as 'sum' })).toThrow(
      'avg is not a valid value for reduction',
    );
  });
});

describe('softmax', () => {
  it('sums to one along dim, in the dtype asked for', () => {
    const y = nn.functional.softmax(torch.zeros([2, 4]), 1, { dtype: torch.float64 });
    expect([y.dtype, y.tolist()]).toEqual([torch.float64, [Array(4).fill(0.25), Array(4).fill(0.25)]]);
  });

  it('warns when it must choose a dimension, as PyTorch does', async () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    expect(
      nn.functional
        .softmax(torch.zeros([2, 4]))
        .sum(1)
        .tolist(),
    ).toEqual([1, 1]);
    expect((await warned).message).toContain('Implicit dimension choice for softmax has been deprecated.');
    const again = new Promise<Error>((resolve) => process.once('warning', resolve));
    expect(
      nn.functional
        .logSoftmax(torch.zeros([2]))
        .exp()
        .sum()
        .item(),
    ).toBe(1);
    expect((await again).message).toContain('log_softmax');
  });
});

it('pads from the last dimension', () => {
  const x = torch.ones([1, 1]);
  expect(nn.functional.pad(x, [1, 0, 0, 1], { value: 5 }).tolist()).toEqual([
    [5, 1],
    [5, 5],
  ]);
});
