import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const batch = (): torch.Tensor => torch.arange(8, { dtype: torch.float32 }).view([2, 1, 2, 2]);
const list = (tensor: torch.Tensor | null): unknown => tensor?.flatten().tolist();
const normal = [
  -1.5275237560272217, -1.0910884141921997, -0.654653012752533, -0.2182176411151886, 0.21821773052215576,
  0.6546530723571777, 1.0910885334014893, 1.5275238752365112,
];

describe('BatchNorm2d', () => {
  it('normalises by the batch and moves the running statistics towards it', () => {
    const norm = new nn.BatchNorm2d(1);
    expect(list(norm.forward(batch()))).toEqual(normal);
    norm.forward(batch().mul(2));
    expect(list(norm.runningMean)).toEqual([1.0149999856948853]);
    expect(list(norm.runningVar)).toEqual([3.75]);
    expect(norm.numBatchesTracked?.item()).toBe(2);
  });

  it('averages over all batches without momentum, and uses the average in eval mode', () => {
    const norm = new nn.BatchNorm2d(1, { momentum: null });
    norm.forward(batch());
    norm.forward(batch().mul(2));
    expect([list(norm.runningMean), list(norm.runningVar)]).toEqual([[5.25], [15]]);
    expect((list(norm.eval().forward(batch())) as number[]).slice(0, 2)).toEqual([
      -1.3555437326431274, -1.0973448753356934,
    ]);
    expect(norm.numBatchesTracked?.item()).toBe(2);
  });

  it('uses the batch in eval mode too when it tracks nothing', () => {
    const norm = new nn.BatchNorm2d(1, { trackRunningStats: false }).eval();
    expect(list(norm.forward(batch()))).toEqual(normal);
    expect(norm.buffers()).toEqual([]);
  });

  it('has no parameters without affine, and no bias without bias', () => {
    expect(new nn.BatchNorm2d(2, { affine: false }).parameters()).toEqual([]);
    const norm = new nn.BatchNorm2d(2, { bias: false });
    expect([list(norm.weight), norm.bias]).toEqual([[1, 1], null]);
  });

  it('resets its statistics', () => {
    const norm = new nn.BatchNorm2d(1);
    norm.forward(batch());
    norm.resetRunningStats();
    expect([list(norm.runningMean), list(norm.runningVar), norm.numBatchesTracked?.item()]).toEqual([
      [0],
      [1],
      0,
    ]);
  });

  it('refuses what PyTorch refuses, in its words', () => {
    const norm = new nn.BatchNorm2d(3);
    expect(() => norm.forward(torch.zeros([3, 3]))).toThrow('expected 4D input (got 2D input)');
    const single = torch.zeros([1, 3, 1, 1]);
    expect(() => norm.forward(single)).toThrow(torch.ValueError);
    expect(() => norm.forward(single)).toThrow(
      'Expected more than 1 value per channel when training, got input size torch.Size([1, 3, 1, 1])',
    );
    expect(norm.eval().forward(single).shape).toEqual([1, 3, 1, 1]);
    const zeroEps = new nn.BatchNorm2d(3, { eps: -1e-5 });
    expect(() => zeroEps.forward(torch.zeros([2, 3, 1, 1]))).toThrow(
      'batch_norm eps must be positive during training, but got -1e-05',
    );
    expect(() => zeroEps.eval().forward(single)).toThrow(
      'batch_norm eps must be non-negative, but got -1e-05',
    );
  });

  it('does not let the buffers die with the scope around forward', () => {
    const norm = new nn.BatchNorm2d(1);
    torch.scope(() => {
      norm.forward(batch());
    });
    expect(norm.numBatchesTracked?.item()).toBe(1);
  });
});
