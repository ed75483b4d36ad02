import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import { Xception, type XceptionOptions } from 'libtorch-node/models';
import { describe, expect, it } from 'vitest';

/** Counted without numbers: on the meta device a model costs no arithmetic. */
const meta = (options: XceptionOptions = {}): Xception =>
  new Xception({ init: 'default', ...options }).to('meta');

const count = (module: nn.Module): number => module.parameters().reduce((sum, p) => sum + p.numel(), 0);

describe('counts', () => {
  it('are the paper’s, by stage and together', () => {
    const model = meta();
    expect([count(model), model.parameters().length, model.stateDict().size]).toEqual([22_855_952, 156, 276]);
    expect(model.namedChildren().map(([name, child]) => [name, count(child)])).toEqual([
      ['entry_conv1', 928],
      ['entry_conv2', 18_560],
      ['entry_block1', 35_264],
      ['entry_block2', 136_064],
      ['entry_block3', 915_944],
      ['middle_flow', 12_911_808],
      ['exit_block', 2_039_584],
      ['exit_conv1', 1_585_152],
      ['exit_conv2', 3_163_648],
      ['avgpool', 0],
      ['fc', 2_049_000],
    ]);
    const kinds = (kind: new (...args: never[]) => nn.Module) =>
      model.modules().filter((m) => m instanceof kind).length;
    expect([kinds(nn.Conv2d), kinds(nn.BatchNorm2d), kinds(nn.ReLU)]).toEqual([74, 40, 35]);
    expect([...model.stateDict().values()].reduce((sum, tensor) => sum + tensor.numel(), 0)).toBe(22_910_520);
  });

  it('fall where the middle is shared: the same 276 keys, 92 tensors', () => {
    const model = meta({ sharedMiddle: true });
    expect([count(model), model.parameters().length, model.stateDict().size]).toEqual([14_248_080, 92, 276]);
    expect([...model.stateDict().keys()]).toEqual([...meta().stateDict().keys()]);
    expect(model.namedParameters({ removeDuplicate: false })).toHaveLength(156);
  });

  it('follow the number of classes and channels', () => {
    expect(count(meta({ numClasses: 10 }))).toBe(20_827_442);
    expect(count(meta({ inChannels: 1 }))).toBe(22_855_952 - 2 * 32 * 9);
  });
});

describe('keys', () => {
  it.each([
    ['entry_conv1.0.weight', [32, 3, 3, 3]],
    ['entry_block1.project.0.weight', [128, 64, 1, 1]],
    ['entry_block1.sepconv1.dconv.weight', [64, 1, 3, 3]],
    ['middle_flow.0.convs.1.dconv.weight', [728, 1, 3, 3]],
    ['middle_flow.7.convs.8.bias', [728]],
    ['exit_block.bn2.running_var', [1024]],
    ['exit_conv2.1.num_batches_tracked', []],
    ['fc.bias', [1000]],
  ])('%s', (key, shape) => {
    expect(meta().stateDict().get(key)?.shape).toEqual(shape);
  });
});

describe('sizes', () => {
  const stages = [
    'entry_conv1',
    'entry_conv2',
    'entry_block1',
    'entry_block2',
    'entry_block3',
    'middle_flow.7',
    'exit_block',
  ];

  const models = [0, 1].map((stemPadding) =>
    new Xception({ stemPadding, numClasses: 2, init: 'default' }).eval(),
  );

  function heights(size: number, stemPadding: number): number[] {
    const model = models[stemPadding] as Xception;
    const seen: number[] = [];
    const watch = (stage: string) =>
      model.getSubmodule(stage).registerForwardHook((_, __, output) => {
        seen.push((output as torch.Tensor).size(2));
      });
    const handles = stages.map(watch);
    torch.scope(() => torch.noGrad(() => model.forward(torch.zeros([1, 3, size, size]))));
    for (const handle of handles) handle.remove();
    return seen;
  }

  it.each([
    [299, 1, [150, 150, 75, 38, 19, 19, 10]],
    [299, 0, [149, 147, 74, 37, 19, 19, 10]],
    [224, 1, [112, 112, 56, 28, 14, 14, 7]],
    [224, 0, [111, 109, 55, 28, 14, 14, 7]],
    [128, 1, [64, 64, 32, 16, 8, 8, 4]],
    [128, 0, [63, 61, 31, 16, 8, 8, 4]],
    [96, 1, [48, 48, 24, 12, 6, 6, 3]],
    [96, 0, [47, 45, 23, 12, 6, 6, 3]],
    [71, 1, [36, 36, 18, 9, 5, 5, 3]],
    [71, 0, [35, 33, 17, 9, 5, 5, 3]],
    [64, 1, [32, 32, 16, 8, 4, 4, 2]],
    [64, 0, [31, 29, 15, 8, 4, 4, 2]],
  ])('of %i px with stem padding %i', (size, stemPadding, expected) => {
    expect(heights(size, stemPadding)).toEqual(expected);
  });
});

describe('options', () => {
  it('draw the default init first, whatever comes after', () => {
    const next = (options: XceptionOptions): [unknown, unknown] => {
      torch.manualSeed(0);
      const model = new Xception({ numClasses: 2, ...options });
      return [
        model.entryConv1.stateDict().get('0.weight')?.select(0, 0).flatten().tolist(),
        torch.rand([1]).item(),
      ];
    };
    const [byDefault, byKaiming] = [next({ init: 'default' }), next({})];
    expect(byDefault[0]).not.toEqual(byKaiming[0]);
    expect(byDefault[1]).not.toEqual(byKaiming[1]);
  });

  it('initialise as the report means to', () => {
    const model = new Xception({ numClasses: 2 });
    const deviation = (key: string) => (model.stateDict().get(key) as torch.Tensor).std().item() as number;
    expect(deviation('middle_flow.0.convs.1.dconv.weight')).toBeCloseTo(0.0174, 3);
    expect(deviation('middle_flow.0.convs.1.pconv.weight')).toBeCloseTo(0.0524, 3);
    expect(deviation('fc.weight')).toBeCloseTo(0.01, 3);
    expect(model.fc.bias?.tolist()).toEqual([0, 0]);
    expect(() => new Xception({ init: 'xavier' as 'default' })).toThrow(
      "init must be 'kaiming' or 'default', got 'xavier'",
    );
  });

  it('drop features in training only', () => {
    const model = new Xception({ numClasses: 2, dropRate: 1, init: 'default' });
    const images = torch.randn([2, 3, 32, 32]);
    const train = torch.noGrad(() => model.forward(images));
    expect(train.tolist()).toEqual([model.fc.bias?.tolist(), model.fc.bias?.tolist()]);
    const [first] = torch.noGrad(() => model.eval().forward(images)).tolist() as number[][];
    expect(first).not.toEqual(model.fc.bias?.tolist());
  });

  it('reach every BatchNorm', () => {
    const norms = meta({ batchNorm: { eps: 1e-3, momentum: 0.01 } })
      .modules()
      .filter((m) => m instanceof nn.BatchNorm2d);
    expect(norms).toHaveLength(40);
    expect(norms.every((norm) => norm.eps === 1e-3 && norm.momentum === 0.01)).toBe(true);
  });
});

describe('bad input is named by PyTorch', () => {
  it.each([
    [
      {},
      torch.zeros([1, 3, 32, 32]),
      'Expected more than 1 value per channel when training, got input size torch.Size([1, 1024, 1, 1])',
    ],
    [
      {},
      torch.zeros([1, 1, 64, 64]),
      'Given groups=1, weight of size [32, 3, 3, 3], expected input[1, 1, 64, 64] to have 3 channels, but got 1 channels instead',
    ],
    [{}, torch.zeros([1, 3, 64, 64], { dtype: torch.uint8 }), 'expected scalar type Byte but found Float'],
    [{}, torch.zeros([3, 64, 64]), 'expected 4D input (got 3D input)'],
  ])('%#', (options, images, text) => {
    const model = new Xception({ numClasses: 2, init: 'default', ...options });
    expect(() => torch.noGrad(() => model.forward(images))).toThrow(text);
  });
});

it('classifies 1 pixel in eval mode', () => {
  const model = new Xception({ numClasses: 2, init: 'default' }).eval();
  expect(torch.noGrad(() => model.forward(torch.zeros([1, 3, 1, 1]))).shape).toEqual([1, 2]);
});

it('leaves only its result behind', () => {
  const model = new Xception({ numClasses: 2, init: 'default' }).eval();
  const images = torch.zeros([1, 3, 32, 32]);
  const before = torch.liveTensors();
  const logits = model.forward(images);
  expect(torch.liveTensors()).toBeLessThanOrEqual(before + 1); // less, if garbage was collected meanwhile
  logits.dispose();
});
