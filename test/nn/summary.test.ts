import { nn } from 'libtorch-node';
import { expect, it } from 'vitest';

function model() {
  const shared = new nn.Linear(8, 8);
  return new nn.Sequential<nn.Layer>(
    new nn.Conv2d(1, 10, 5),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(1440, 8),
    new nn.Sequential<nn.Layer>(shared, new nn.Dropout(), shared),
    new nn.Linear(8, 10).requiresGrad_(false),
  );
}

it('lists layers, shapes and parameters, and counts them', () => {
  const network = model();
  const found = nn.summary(network, { inputSize: [2, 1, 28, 28] });
  expect(String(found).split('\n')).toEqual([
    '='.repeat(90),
    'Layer (type:depth-idx)                   Output Shape              Param #',
    '='.repeat(90),
    'Sequential                               [2, 10]                   --',
    '├─Conv2d: 1-1                            [2, 10, 24, 24]           260',
    '├─MaxPool2d: 1-2                         [2, 10, 12, 12]           --',
    '├─Flatten: 1-3                           [2, 1440]                 --',
    '├─Linear: 1-4                            [2, 8]                    11,528',
    '├─Sequential: 1-5                        [2, 8]                    --',
    '│    └─Linear: 2-1                       [2, 8]                    72',
    '│    └─Dropout: 2-2                      [2, 8]                    --',
    '│    └─Linear: 2-3                       [2, 8]                    (recursive)',
    '├─Linear: 1-6                            [2, 10]                   (90)',
    '='.repeat(90),
    'Total params: 11,950',
    'Trainable params: 11,860',
    'Non-trainable params: 90',
    'Total mult-adds (M): 0.32',
    '='.repeat(90),
    'Input size (MB): 0.01',
    'Forward/backward pass size (MB): 0.14',
    'Params size (MB): 0.05',
    'Estimated Total Size (MB): 0.19',
    '='.repeat(90),
  ]);
  expect(found.rows).toHaveLength(10);
});

it('leaves no hook and no mode behind, also after a forward that throws', () => {
  const network = model();
  network.at(4).eval();
  expect(() => nn.summary(network, { inputSize: [1, 2, 28, 28] })).toThrow();
  expect(network.modules().map((module) => Object.hasOwn(module, 'forward'))).not.toContain(true);
  expect([network.training, network.at(0).training, network.at(4).training]).toEqual([true, true, false]);
});

it('lists no deeper than asked', () => {
  const text = String(nn.summary(model(), { inputSize: [1, 1, 28, 28], depth: 1 }));
  expect(text).toContain('├─Sequential: 1-5');
  expect(text).not.toContain('2-1');
});
