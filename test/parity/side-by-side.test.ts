// `torch.parity` itself: what is unlike in Python is found in the right layer and step, with the right reason.

import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

const { nn } = torch;
const nets = fileURLToPath(new URL('reference/nets.py', import.meta.url));

class Scaled extends nn.Module {
  readonly first: torch.nn.Conv2d;
  readonly second: torch.nn.Conv2d;

  constructor(channels: number) {
    super();
    this.first = new nn.Conv2d(channels, channels, 3, { padding: 1 });
    this.second = new nn.Conv2d(channels, channels, 3, { padding: 1 });
  }

  override forward(x: torch.Tensor): torch.Tensor {
    return x.add(this.second.forward(this.first.forward(x).mul(0.5)));
  }
}

const model = () =>
  new nn.Sequential(
    new nn.Conv2d(3, 16, 3, { padding: 1 }),
    new nn.BatchNorm2d(16),
    new nn.ReLU({ inplace: true }),
    new Scaled(16),
    new nn.AdaptiveAvgPool2d(4),
    new nn.Flatten(),
    new nn.Dropout(0.1),
    new nn.Linear(256, 10),
  );

const compare = (name: string) =>
  torch.parity.parity({
    ...{ model, reference: `${nets}:${name}`, threads: 1, steps: 2, batch: 5, input: [3, 33, 33] },
  });

/** The first layer whose bits differ though nothing before it does, and the reasons. */
async function found(name: string) {
  const report = await compare(name);
  const { maxDifference, ...origin } = report.differences.find((difference) => difference.origin) ?? {};
  return { ...report, origin, maxDifference: maxDifference ?? Number.NaN };
}

test('the same network is equal', async () => {
  const { equal, differences, reasons, tensors, layers, torch: versions } = await compare('equal');
  expect({ equal, differences, reasons, layers }).toEqual({
    equal: true,
    differences: [],
    reasons: [],
    layers: 11,
  });
  // In each step 1 input, 11 inputs and 11 outputs, the loss, 11 gradients of outputs, 10 of parameters, 13 of state
  // and the generator's; 13 of state and the generator's before; 1 + 22 in the evaluation.
  expect(tensors).toBe(2 * (1 + 22 + 1 + 11 + 10 + 13 + 1) + 14 + 23);
  expect(versions.python.split('+')[0]).toBe(versions.here);
});

test('a layer with another option', async () => {
  const { origin, maxDifference, reasons, differences } = await found('other_padding');
  expect(origin).toMatchObject({ layer: '0', type: 'Conv2d', step: 1, phase: 'forward', item: 'output' });
  expect(origin).toMatchObject({ operator: 'conv2d (Python: reflection_pad2d)' });
  expect(maxDifference).toBeGreaterThan(0.01);
  expect(reasons).toEqual([
    {
      text: expect.stringMatching(/^the layer 0 is Conv2d\(.*\) here, .*padding_mode=reflect\) in Python$/),
      certain: true,
    },
  ]);
  expect(differences.filter((difference) => difference.origin)).toHaveLength(1);
});

test('a module whose own code does something else', async () => {
  const { origin, reasons } = await found('other_code');
  expect(origin).toMatchObject({ layer: '3', type: 'Scaled', step: 1, phase: 'forward', operator: 'mul' });
  expect(reasons).toEqual([
    {
      text: 'the code of the layer 3 (Scaled): what its forward gets is equal on both sides',
      certain: false,
    },
  ]);
});

test('another thread count', async () => {
  const { threads, reasons } = await found('two_threads');
  expect(threads).toEqual({ here: 1, python: 2 });
  expect(reasons).toEqual([
    { text: 'threads: 1 here, 2 in Python; with threads 1 Python gives the same bits', certain: true },
  ]);
});

test('another memory layout', async () => {
  const { origin, reasons } = await found('channels_last');
  expect(origin).toMatchObject({ step: 1, phase: 'forward' });
  expect(reasons).toEqual([
    {
      text: expect.stringMatching(
        /^memory layout: 0\.weight has strides .* \(3 such tensors\); with the strides/,
      ),
      certain: true,
    },
  ]);
});

test('another precision of matrix products, found in the layer that has one', async () => {
  const { origin, reasons } = await found('matmul_precision');
  expect(origin).toMatchObject({ layer: '7', type: 'Linear', operator: 'linear (Python: addmm)' });
  expect(reasons).toEqual([
    {
      text: expect.stringMatching(/^float32 matmul precision: highest here, medium in Python/),
      certain: true,
    },
  ]);
});

test('two unlike settings, one of which matters', async () => {
  const { reasons } = await found('two_threads_and_deterministic');
  expect(reasons).toEqual([{ text: expect.stringMatching(/^threads: /), certain: true }]);
});

test.each([
  ['drawn', '0', 'weight', 'the constructors draw different random numbers'],
  [
    'other_values',
    '7',
    'bias',
    'the constructors draw the same random numbers and make different values of them',
  ],
])('another initialisation: %s', async (name, layer, item, text) => {
  const { origin, reasons } = await found(name);
  expect(origin).toMatchObject({ layer, item, step: 0, phase: 'construction' });
  expect(reasons).toEqual([{ text, certain: true }]);
});

test('another gradient', async () => {
  const { origin, reasons } = await found('gradient');
  expect(origin).toMatchObject({ layer: '3.second', step: 1, phase: 'gradient', item: 'weight' });
  expect(origin).toMatchObject({ operator: 'ConvolutionBackward0' });
  expect(reasons[0]?.certain).toBe(false);
});

test('weights at an odd address', async () => {
  const { reasons } = await torch.parity.parity({
    ...{ model: () => new nn.Linear(2048, 4), reference: `${nets}:unaligned` },
    ...{ threads: 1, steps: 1, batch: 1, input: [2048] },
  });
  expect(reasons).toEqual([
    {
      text: expect.stringMatching(/^alignment: weight lies at an address .*; with aligned tensors/),
      certain: true,
    },
  ]);
});

test('layers and parameters that one side alone has', async () => {
  const more = await compare('more_layers');
  expect(more.equal).toBe(false);
  expect(more.reasons).toEqual([{ text: '1 layer is in Python only, 8 is the first', certain: true }]);
  const { reasons } = await compare('no_bias');
  expect(reasons[0]?.text).toMatch(
    /^observations on one side only: \d+; the first: construction of 7\.bias is here only$/,
  );
});

test.each([
  ['broken', /^in Python: ValueError: no such width$/],
  ['nothing', /^in Python: AttributeError: .*nothing/],
])('an error in Python says so: %s', async (name, message) => {
  await expect(compare(name)).rejects.toThrow(message);
});

test('a Python that is not there, or has no torch', async () => {
  const options = { model, reference: `${nets}:equal` };
  await expect(torch.parity.parity({ ...options, python: 'no-such-python' })).rejects.toThrow(
    /cannot run the Python 'no-such-python': .*ENOENT.*--python/,
  );
  await expect(torch.parity.parity({ ...options, python: '/usr/bin/python3' })).rejects.toThrow(
    /the Python '\/usr\/bin\/python3' has no torch: '.* -m pip install torch'/,
  );
});

test.each<[object, RegExp]>([
  [{ steps: 0 }, /steps must be an integer, 1 or more, got 0/],
  [{ optimizer: 'Adan' }, /optimizer must be one of ASGD, .*, got 'Adan'/],
  [{ input: [] }, /input must be the shape of one example, got \[\]/],
])('an option that cannot be: %j', async (options, message) => {
  await expect(torch.parity.parity({ model, reference: nets, ...options })).rejects.toThrow(message);
});
