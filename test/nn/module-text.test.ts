import { nn } from 'libtorch-node';
import { Xception } from 'libtorch-node/models';
import { expect, it } from 'vitest';

it('prints as PyTorch prints', () => {
  const model = new nn.Sequential<nn.Layer>(
    new nn.Conv2d(3, 8, 3, { padding: 'same', bias: false, paddingMode: 'reflect' }),
    new nn.Conv2d(8, 8, [3, 1], { stride: [1, 2], padding: 1, dilation: 2, groups: 8 }),
    new nn.BatchNorm2d(8, { momentum: null, affine: false }),
    new nn.Dropout(0.25),
    new nn.MaxPool2d([3, 2]),
    new nn.AdaptiveAvgPool2d([null, 1]),
    new nn.Flatten(),
    new nn.ReLU({ inplace: true }),
    new nn.ReLU(),
    new nn.Identity(3),
    new nn.Linear(2, 3, { bias: false }),
  );
  expect(String(model)).toBe(`Sequential(
  (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=same, bias=False, padding_mode=reflect)
  (1): Conv2d(8, 8, kernel_size=(3, 1), stride=(1, 2), padding=(1, 1), dilation=(2, 2), groups=8)
  (2): BatchNorm2d(8, eps=1e-05, momentum=None, affine=False, bias=False, track_running_stats=True)
  (3): Dropout(p=0.25, inplace=False)
  (4): MaxPool2d(kernel_size=(3, 2), stride=(3, 2), padding=0, dilation=1, ceil_mode=False)
  (5): AdaptiveAvgPool2d(output_size=(None, 1))
  (6): Flatten(start_dim=1, end_dim=-1)
  (7): ReLU(inplace=True)
  (8): ReLU()
  (9): Identity()
  (10): Linear(in_features=2, out_features=3, bias=False)
)`);
});

it('says equal neighbours of a ModuleList once', () => {
  const linears = Array.from({ length: 3 }, () => new nn.Linear(2, 3));
  const list = new nn.ModuleList<nn.Module>([...linears, new nn.ReLU()]);
  expect(String(list)).toBe(`ModuleList(
  (0-2): 3 x Linear(in_features=2, out_features=3, bias=True)
  (3): ReLU()
)`);
  expect(String(new nn.ModuleList())).toBe('ModuleList()');
});

it('names children by their keys', () => {
  const text = String(new Xception());
  expect(text).toContain('\n  (entry_conv1): Sequential(\n    (0): Conv2d(3, 32, kernel_size=(3, 3)');
  expect(text).toContain('\n  (middle_flow): ModuleList(\n    (0-7): 8 x PoolMiddleBlock(\n      (convs)');
  expect(text).not.toContain('dropout');
});
