import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const row = (...values: number[]): torch.Tensor => torch.tensor(values);

describe('Linear', () => {
  it('draws weight, then bias, as PyTorch does', () => {
    torch.manualSeed(0);
    const layer = new nn.Linear(2, 3);
    expect(layer.weight.tolist()).toEqual([
      [-0.005293981172144413, 0.37932288646698],
      [-0.5819807648658752, -0.5203874707221985],
      [-0.27234524488449097, 0.1896158903837204],
    ]);
    expect(layer.bias?.tolist()).toEqual([-0.014010033570230007, 0.5606575012207031, -0.06275151669979095]);
  });

  it('computes x·Wᵀ + b', () => {
    const layer = new nn.Linear(2, 1);
    layer.loadStateDict(
      new Map([
        ['weight', torch.tensor([[2, 3]])],
        ['bias', row(10)],
      ]),
    );
    expect(layer.forward(torch.tensor([[1, 1]])).tolist()).toEqual([[15]]);
    expect(new nn.Linear(2, 1, { bias: false }).bias).toBeNull();
  });

  it('shows the text of libtorch for shapes that do not fit', () => {
    expect(() => new nn.Linear(3, 2).forward(torch.zeros([2, 4]))).toThrow(
      'mat1 and mat2 shapes cannot be multiplied (2x4 and 3x2)',
    );
  });
});

describe('ReLU', () => {
  it('leaves its input alone, or overwrites it', () => {
    const x = row(-1, 2);
    expect(new nn.ReLU().forward(x).tolist()).toEqual([0, 2]);
    expect(x.tolist()).toEqual([-1, 2]);
    expect(new nn.ReLU({ inplace: true }).forward(x)).toBe(x);
    expect(x.tolist()).toEqual([0, 2]);
  });
});

describe('pooling', () => {
  it('takes the maximum, with padding and the ceiling of the size', () => {
    const x = torch.arange(16, { dtype: torch.float32 }).view([1, 1, 4, 4]);
    expect(new nn.MaxPool2d(2).forward(x).tolist()).toEqual([
      [
        [
          [5, 7],
          [13, 15],
        ],
      ],
    ]);
    const pool = new nn.MaxPool2d(3, { stride: 2, padding: 1 });
    expect(pool.forward(x).tolist()).toEqual([
      [
        [
          [5, 7],
          [13, 15],
        ],
      ],
    ]);
    expect(new nn.MaxPool2d(3, { ceilMode: true }).forward(x).shape).toEqual([1, 1, 2, 2]);
    expect(new nn.MaxPool2d(2, { dilation: 3 }).forward(x).tolist()).toEqual([[[[15]]]]);
  });

  it('averages to a size of which null keeps the input', () => {
    const x = torch.arange(8, { dtype: torch.float32 }).view([1, 1, 2, 4]);
    expect(new nn.AdaptiveAvgPool2d(1).forward(x).tolist()).toEqual([[[[3.5]]]]);
    expect(new nn.AdaptiveAvgPool2d([null, 2]).forward(x).tolist()).toEqual([
      [
        [
          [0.5, 2.5],
          [4.5, 6.5],
        ],
      ],
    ]);
    expect(() => new nn.AdaptiveAvgPool2d([2, null]).forward(torch.zeros([2, 3]))).toThrow(
      'Input dimension should be at least 3',
    );
  });
});

describe('Dropout', () => {
  it('draws what PyTorch draws, in training only', () => {
    torch.manualSeed(0);
    const drop = new nn.Dropout(0.5);
    expect(drop.forward(torch.ones([8])).tolist()).toEqual([0, 0, 2, 0, 0, 0, 2, 2]);
    const x = torch.ones([8]);
    expect(drop.eval().forward(x)).toBe(x);
  });

  it('works in place, and refuses what is no probability', () => {
    const x = torch.ones([4]);
    expect(new nn.Dropout(1, { inplace: true }).forward(x)).toBe(x);
    expect(x.tolist()).toEqual([0, 0, 0, 0]);
    expect(() => new nn.Dropout(1.5)).toThrow('dropout probability has to be between 0 and 1, but got 1.5');
    expect(() => nn.functional.dropout(x, { p: -0.1 })).toThrow(torch.ValueError);
  });
});

describe('shape layers', () => {
  it('flattens from the second dimension, or between two', () => {
    const x = torch.zeros([2, 3, 4]);
    expect(new nn.Flatten().forward(x).shape).toEqual([2, 12]);
    expect(new nn.Flatten(0, 1).forward(x).shape).toEqual([6, 4]);
  });

  it('hands its input on', () => {
    const x = row(1);
    expect(new nn.Identity('any', { thing: 1 }).forward(x)).toBe(x);
  });
});
