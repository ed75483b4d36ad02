import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const image = (): torch.Tensor => torch.arange(9, { dtype: torch.float32 }).view([1, 1, 3, 3]);

function ones(kernelSize: nn.Pair, options: nn.Conv2dOptions): nn.Conv2d {
  const conv = new nn.Conv2d(1, 1, kernelSize, { bias: false, ...options });
  nn.init.ones_(conv.weight);
  return conv;
}

const flat = (tensor: torch.Tensor): unknown => tensor.flatten().tolist();

describe('Conv2d', () => {
  it('draws weight, then bias, as PyTorch does', () => {
    torch.manualSeed(0);
    const conv = new nn.Conv2d(2, 2, [1, 2], { groups: 2 });
    expect(flat(conv.weight)).toEqual([
      -0.005293981172144413, 0.37932288646698, -0.5819807648658752, -0.5203874707221985,
    ]);
    expect(flat(conv.bias as torch.Tensor)).toEqual([-0.27234524488449097, 0.1896158903837204]);
  });

  it('draws nothing for a bias that is not there', () => {
    torch.manualSeed(0);
    expect(new nn.Conv2d(2, 2, 1, { bias: false }).bias).toBeNull();
    const next = torch.rand([1]).item();
    torch.manualSeed(0);
    torch.rand([4]);
    expect(torch.rand([1]).item()).toBe(next);
  });

  it.each([
    ['zeros', [8, 15, 12, 21, 36, 27, 20, 33, 24]],
    ['reflect', [24, 27, 30, 33, 36, 39, 42, 45, 48]],
    ['replicate', [12, 18, 24, 30, 36, 42, 48, 54, 60]],
    ['circular', [36, 36, 36, 36, 36, 36, 36, 36, 36]],
  ] as const)('pads by %s', (paddingMode, expected) => {
    expect(flat(ones(3, { padding: 1, paddingMode }).forward(image()))).toEqual(expected);
  });

  it('pads to the same size, more behind than in front', () => {
    expect(flat(ones([2, 3], { padding: 'same' }).forward(image()))).toEqual([
      8, 15, 12, 20, 33, 24, 13, 21, 15,
    ]);
    const circular = ones([2, 3], { padding: 'same', paddingMode: 'circular' });
    expect(flat(circular.forward(image()))).toEqual([15, 15, 15, 33, 33, 33, 24, 24, 24]);
    expect(flat(ones(3, { padding: 'valid' }).forward(image()))).toEqual([36]);
    expect(flat(ones(3, { padding: 'valid', paddingMode: 'reflect' }).forward(image()))).toEqual([36]);
  });

  it('pads height and width by sizes of their own', () => {
    const y = ones(3, { padding: [2, 1], paddingMode: 'replicate' }).forward(image());
    expect(y.shape).toEqual([1, 1, 5, 3]);
    expect(flat(y)).toEqual([3, 9, 15, 12, 18, 24, 30, 36, 42, 48, 54, 60, 57, 63, 69]);
  });

  it('strides, dilates and groups', () => {
    const conv = new nn.Conv2d(4, 8, [3, 1], { stride: [2, 1], dilation: 2, groups: 2, padding: 1 });
    expect(conv.weight.shape).toEqual([8, 2, 3, 1]);
    expect(conv.forward(torch.zeros([1, 4, 9, 5])).shape).toEqual([1, 8, 4, 7]);
  });

  it('takes dtype and device', () => {
    const conv = new nn.Conv2d(1, 1, 1, { dtype: torch.float64, device: 'meta' });
    expect([conv.weight.dtype, conv.bias?.device.type]).toEqual([torch.float64, 'meta']);
  });

  it.each([
    [() => new nn.Conv2d(3, 4, 3, { groups: 2 }), 'in_channels must be divisible by groups'],
    [() => new nn.Conv2d(4, 3, 3, { groups: 2 }), 'out_channels must be divisible by groups'],
    [() => new nn.Conv2d(4, 4, 3, { groups: 0 }), 'groups must be a positive integer'],
    [
      () => new nn.Conv2d(4, 4, 3, { padding: 'full' as 'same' }),
      "Invalid padding string 'full', should be one of {'same', 'valid'}",
    ],
    [
      () => new nn.Conv2d(4, 4, 3, { padding: 'same', stride: 2 }),
      "padding='same' is not supported for strided convolutions",
    ],
    [
      () => new nn.Conv2d(4, 4, 3, { paddingMode: 'mirror' as 'reflect' }),
      "padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, but got padding_mode='mirror'",
    ],
  ])('refuses options that do not fit (%#)', (make, text) => {
    expect(make).toThrow(torch.ValueError);
    expect(make).toThrow(text);
  });
});
