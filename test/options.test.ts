import * as torch from 'libtorch-node';
import { data, nn, optim, vision } from 'libtorch-node';
import { expect, test } from 'vitest';

type Maker = (...args: unknown[]) => unknown;

/** As a program in JavaScript may call: no compiler looks at the arguments. */
const unchecked = <Instance>(Class: new (...args: never[]) => Instance): Maker => {
  return (...args) => Reflect.construct(Class, args);
};

const params = () => [new nn.Parameter(torch.ones(2, 2))];
const optimizer = () => new optim.SGD(params());
const samples = new data.TensorDataset(torch.ones(3));

test.each<[text: string, make: Maker, given: unknown[], got: string]>([
  ['Conv2d', unchecked(nn.Conv2d), [3, 64, 3, 2, 1], '2'],
  ['ConvTranspose2d', unchecked(nn.ConvTranspose2d), [3, 64, 3, 2], '2'],
  ['BatchNorm2d', unchecked(nn.BatchNorm2d), [8, 0.8], '0.8'],
  ['LeakyReLU', unchecked(nn.LeakyReLU), [0.2], '0.2'],
  ['ReLU', unchecked(nn.ReLU), [true], 'true'],
  ['Softmax', unchecked(nn.Softmax), [1], '1'],
  ['Linear', unchecked(nn.Linear), [3, 4, false], 'false'],
  ['MaxPool2d', unchecked(nn.MaxPool2d), [2, 2], '2'],
  ['LSTM', unchecked(nn.LSTM), [3, 4, 2], '2'],
  ['Embedding', unchecked(nn.Embedding), [3, 4, 0], '0'],
  ['TransformerEncoderLayer', unchecked(nn.TransformerEncoderLayer), [4, 2, 8], '8'],
  ['CrossEntropyLoss', unchecked(nn.CrossEntropyLoss), [torch.ones(3)], 'Tensor'],
  ['SGD', unchecked(optim.SGD), [params(), 0.1], '0.1'],
  ['AdamW', unchecked(optim.AdamW), [params(), 0.1], '0.1'],
  ['StepLR', unchecked(optim.lrScheduler.StepLR), [optimizer(), 10, 0.5], '0.5'],
  ['DataLoader', unchecked(data.DataLoader), [samples, 2], '2'],
  ['RandomHorizontalFlip', unchecked(vision.RandomHorizontalFlip), [0.5], '0.5'],
])('%s does not take an option by position without a word', (name, make, given, got) => {
  const message = `${name}() takes its options by name, { option: value }, but got ${got} in their place`;
  expect(() => make(...given)).toThrow(new TypeError(message));
});

const { functional: F, init } = nn;
const x = torch.ones(2, 3);

test.each<[text: string, call: unknown, given: unknown[], got: string]>([
  ['leakyRelu', F.leakyRelu, [x, 0.2], '0.2'],
  ['crossEntropy', F.crossEntropy, [x, torch.tensor([0n, 1n]), torch.ones(3)], 'Tensor'],
  ['pad', F.pad, [x, [1, 1], 'constant', 3], 'constant'],
  ['maxPool2d', F.maxPool2d, [torch.ones(1, 4, 4), 3, 2], '2'],
  ['normalize', F.normalize, [x, 2, 1], '2'],
  ['dropout', F.dropout, [x, 0.3], '0.3'],
  ['xavierUniform_', init.xavierUniform_, [x, 3], '3'],
  ['tensor', torch.tensor, [[1], torch.int64], 'DType'],
  ['load', torch.load, ['model.pt', 'cpu'], 'cpu'],
  ['grad', torch.autograd.grad, [x, x, x], 'Tensor'],
  ['backward', torch.autograd.backward, [x, x, true], 'true'],
])('nor does the function %s', (name, call, given, got) => {
  const message = `${name}() takes its options by name, { option: value }, but got ${got} in their place`;
  expect(() => (call as Maker)(...given)).toThrow(new TypeError(message));
});

test.each<[text: string, make: Maker, given: unknown[], key: string]>([
  ['Conv2d', unchecked(nn.Conv2d), [3, 64, 3], 'pading'],
  ['BatchNorm1d', unchecked(nn.BatchNorm1d), [3], 'epsilon'],
  ['LayerNorm', unchecked(nn.LayerNorm), [3], 'affine'],
  ['Dropout', unchecked(nn.Dropout), [0.5], 'inPlace'],
  ['GRU', unchecked(nn.GRU), [3, 4], 'layers'],
  ['CrossEntropyLoss', unchecked(nn.CrossEntropyLoss), [], 'smoothing'],
  ['Adam', unchecked(optim.Adam), [params()], 'learningRate'],
  [
    'CosineAnnealingWarmRestarts',
    unchecked(optim.lrScheduler.CosineAnnealingWarmRestarts),
    [optimizer(), 2],
    'TMult',
  ],
])('%s does not ignore an option that it has not', (name, make, given, key) => {
  expect(() => make(...given, { [key]: 1 })).toThrow(
    new TypeError(`${name}() got an unexpected option '${key}'`),
  );
  expect(() => make(...given, { [key]: undefined })).not.toThrow();
});

test("Python's spelling is told apart", () => {
  expect(() => unchecked(optim.Adam)(params(), { weight_decay: 0.1 })).toThrow(
    "Adam() got an unexpected option 'weight_decay': did you mean 'weightDecay'?",
  );
});

test('nor do methods; a module is moved and cast in one call, as in Python', () => {
  const linear = new nn.Linear(2, 2);
  expect(() => linear.loadStateDict(new Map(), false as never)).toThrow(
    'loadStateDict() takes its options by name, { option: value }, but got false in their place',
  );
  expect(() => linear.zeroGrad(true as never)).toThrow('zeroGrad() takes its options by name');
  expect(linear.to('cpu', torch.float64).weight.dtype).toBe(torch.float64);
  expect(() => x.to(torch.float as never)).toThrow('the dtype is torch.float32');
});

/** What the constructors are tried with until one takes it. */
const attempts = () => {
  const [layer, scheduled] = [new nn.Linear(2, 2), optimizer()];
  const sequential = new data.SequentialSampler(samples);
  const numbers = [[], [2], [2, 2], [2, 2, 2], [4, 2], [0.5], [[2]], [[2, 2]], [10, 5, [2, 4]]];
  const objects = [[samples], [samples, 2], [sequential, 2], [params()], [layer], [[layer]], [torch.float32]];
  const texts = ['cpu', 'relu'].map((text) => [text]);
  const scheduling = [[], [2], [[2, 3]], [() => 1], [0.1, 1]].map((others) => [scheduled, ...others]);
  const means = [[[0.5], [0.2]]];
  return [...numbers, ...objects, ...texts, ...scheduling, ...means];
};

const accepts = (Class: Maker, given: readonly unknown[]) => {
  try {
    Reflect.construct(Class, given);
    return true;
  } catch {
    return false;
  }
};

/** Whether no call of the constructor that is right without `noSuchOption` is refused with it. */
const ignores = (Class: Maker) => {
  const right = attempts().filter((given) => accepts(Class, given));
  return right.length > 0 && right.every((given) => accepts(Class, [...given, { noSuchOption: 1 }]));
};

test('every class with options refuses one that it has not', () => {
  const isClass = (value: unknown): value is Maker =>
    typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
  const spaces = {
    nn,
    optim,
    schedulers: optim.lrScheduler,
    data,
    vision,
    amp: torch.amp,
    swa: torch.swaUtils,
    models: torch.models,
    profiler: torch.profiler,
    prune: nn.utils.prune,
  };
  const ignoring = Object.entries(spaces).map(([space, names]) => {
    const classes = Object.entries(names as object).filter(([, value]) => isClass(value));
    return [space, classes.filter(([, Class]) => ignores(Class)).map(([name]) => name)];
  });
  // These have no options.
  const without = {
    nn: 'AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d ChannelShuffle Flatten Identity LogSigmoid Module ParameterDict PixelShuffle PixelUnshuffle Sigmoid Softmax2d Softsign Summary Tanh Tanhshrink Unflatten'.split(
      ' ',
    ),
    optim: [],
    schedulers: ['Scheduler'],
    data: 'CachedDataset ChainDataset ConcatDataset Dataset IterableDataset Sampler SequentialSampler StackDataset Subset'.split(
      ' ',
    ),
    vision:
      'CenterCrop Compose ConvertImageDtype FiveCrop Identity JPEG Lambda RGB RandomChannelPermutation RandomOrder ToImage ToPureTensor Transform UniformTemporalSubsample'.split(
        ' ',
      ),
    amp: [],
    swa: [],
    models: ['AgeGenderNet', 'StochasticDepth', 'TinyXception'],
    profiler: [],
    prune: ['BasePruningMethod', 'CustomFromMask', 'Identity'],
  };
  expect(Object.fromEntries(ignoring)).toEqual(without);
});
