import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { expect, onTestFinished, test } from 'vitest';
import { runPython } from '../live-python.js';
import { cadeneTensors } from './names.js';

const { convertXception, loadXception, saveXception, xceptionWith } = torch.weights;
const meta = (...shape: number[]) => torch.empty(shape, { device: 'meta' });

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'weights-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A small change to a whole checkpoint. */
function changed(change: (tensors: Map<string, torch.Tensor>) => void): Map<string, torch.Tensor> {
  const tensors = cadeneTensors();
  change(tensors);
  return tensors;
}

test('the state has the keys, shapes and order of our Xception', () => {
  const model = new torch.models.Xception({ numClasses: 10, init: 'default' });
  const expected = [...model.stateDict()].map(([key, { shape }]) => [key, shape]);
  const { state, numClasses, inChannels } = convertXception(cadeneTensors());
  expect([...state].map(([key, { shape }]) => [key, shape])).toEqual(expected);
  expect({ numClasses, inChannels }).toEqual({ numClasses: 10, inChannels: 3 });
});

test.each(['module.', '_orig_mod.', 'model.', 'module._orig_mod.model.', 'net.encoder.'])(
  'the prefix %s is stripped and reported',
  (prefix) => {
    const tensors = cadeneTensors(prefix);
    tensors.set('optimizer.state.0.exp_avg', meta(3));
    tensors.set(`${prefix}extra.weight`, meta(3));
    const { report, state } = convertXception(tensors);
    expect(state.size).toBe(276);
    expect(report).toMatchObject({ family: 'timm', prefix, unused: [`${prefix}extra.weight`] });
  },
);

test('of two networks in a file one has to be chosen', () => {
  const both = new Map([...cadeneTensors('model.'), ...cadeneTensors('ema.')]);
  expect(() => convertXception(both)).toThrow('it holds more than one Xception, under "model." and "ema."');
  expect(convertXception(both, { prefix: 'ema.' }).report).toMatchObject({ prefix: 'ema.', unused: [] });
});

test('whose it is can be said, and changes the preprocessing', () => {
  const interpolation = (family?: torch.weights.FamilyName) =>
    convertXception(cadeneTensors(), { family }).preprocessing?.interpolation;
  expect([
    interpolation(),
    interpolation('timm'),
    interpolation('cadene'),
    interpolation('tstandley'),
  ]).toEqual([...['bicubic', 'bicubic', 'bilinear', 'bilinear']]);
  expect(() => interpolation('keras')).toThrow(
    /not those of keras, but of timm, cadene, tstandley, faceforensics/,
  );
});

test('2-D pointwise, 3-D depthwise and one-element counters are brought into shape', () => {
  const tensors = changed((map) => {
    map.set('conv3.pointwise.weight', meta(1536, 1024));
    map.set('block2.skip.weight', meta(256, 128));
    map.set('conv4.conv1.weight', meta(1536, 3, 3));
    map.set('bn1.num_batches_tracked', meta(1));
    map.delete('bn2.num_batches_tracked');
  });
  const { state, report } = convertXception(tensors);
  expect(report.reshaped).toEqual([
    ...['bn1.num_batches_tracked', 'block2.skip.weight', 'conv3.pointwise.weight', 'conv4.conv1.weight'],
  ]);
  expect(report.added).toEqual(['entry_conv2.1.num_batches_tracked']);
  expect(state.get('exit_conv1.0.pconv.weight')?.shape).toEqual([1536, 1024, 1, 1]);
  expect(state.get('exit_conv2.0.dconv.weight')?.shape).toEqual([1536, 1, 3, 3]);
});

test('the classifier is kept, left out, or drawn anew as nn.Linear draws', () => {
  const without = convertXception(cadeneTensors(), { head: 'skip' });
  expect([without.state.size, without.numClasses, without.report.head]).toEqual([274, null, 'skipped']);
  torch.manualSeed(3);
  const { state, report, numClasses } = convertXception(cadeneTensors(), { head: 4 });
  torch.manualSeed(3);
  const { weight, bias } = new torch.nn.Linear(2048, 4);
  expect(torch.equal(state.get('fc.weight') as torch.Tensor, weight)).toBe(true);
  expect(torch.equal(state.get('fc.bias') as torch.Tensor, bias as torch.Tensor)).toBe(true);
  expect([report.head, numClasses]).toEqual(['new', 4]);
  const absent = changed((map) => {
    map.delete('fc.weight');
    map.delete('fc.bias');
  });
  expect(convertXception(absent).report.head).toBe('absent');
});

test.each<[string, Map<string, torch.Tensor>, RegExp]>([
  ['nothing', new Map(), /it holds no Xception that is known: it has no tensors/],
  [
    'another network',
    new Map([['layer1.0.conv1.weight', meta(64, 64, 1, 1)]]),
    /no Xception that is known: its 1 tensors are named "layer1\.0\.conv1\.weight"/,
  ],
  [
    'a lost tensor',
    changed((map) => map.delete('block5.rep.4.conv1.weight')),
    /1 of the 276.*middle_flow\.1\.convs\.4\.dconv\.weight/,
  ],
  [
    'another width',
    changed((map) => map.set('block1.skip.weight', meta(256, 64, 1, 1))),
    /'block1\.skip\.weight' has shape \[256, 64, 1, 1\] and should have \[128, 64, 1, 1\] \(entry_block1\.project\.0/,
  ],
  [
    'a tensor twice',
    changed((map) => map.set('last_linear.weight', meta(10, 2048))),
    /'fc\.weight' and 'last_linear\.weight' would both be fc\.weight/,
  ],
  [
    'timm xception41',
    new Map([
      ['blocks.12.stack.conv1.conv_dw.weight', meta(1)],
      ['blocks.0.stack.conv1.bn_dw.bias', meta(1)],
    ]),
    /an Aligned Xception \(xception41\)/,
  ],
  [
    'timm xception65p',
    new Map([['module.blocks.20.stack.conv1.conv_pw.weight', meta(1)]]),
    /an Aligned Xception \(xception65p\)/,
  ],
  [
    "DeepLab's",
    changed((map) => map.set('block20.rep.1.conv1.weight', meta(1))),
    /an Aligned Xception \(DeepLab's\)/,
  ],
])('refuses %s', (_, tensors, message) => {
  expect(() => convertXception(tensors)).toThrow(torch.ValueError);
  expect(() => convertXception(tensors)).toThrow(message);
});

test('a view does not bring the storage around it along', () => {
  const tensors = changed((map) => map.set('fc.weight', torch.zeros([200, 2048]).narrow(0, 0, 10)));
  const path = join(folder(), 'fc.pt');
  torch.save(convertXception(tensors).state.get('fc.weight'), path);
  expect(statSync(path).size).toBeLessThan(10 * 2048 * 4 + 2000);
});

test.each(['pt', 'safetensors'])('a converted .%s file carries what it takes to use it', async (ending) => {
  const path = join(folder(), `x.${ending}`);
  const model = new torch.models.Xception({ numClasses: 2, inChannels: 1, init: 'default' });
  const weights = convertXception(
    model.stateDict(),
    {},
    {
      family: 'keras',
      architecture: { stemPadding: 0, poolPadding: 'same', batchNorm: { eps: 1e-3, momentum: 0.01 } },
      preprocessing: { ...IMAGENET, interpolation: 'nearest-exact', cropMode: 'squash', cropPct: 1 },
    },
  );
  saveXception(weights, path);
  const again = await loadXception(path);
  const { state: ours, report: ourReport, ...first } = weights;
  const { state: theirs, report: theirReport, ...second } = again;
  expect(second).toEqual(first);
  expect(theirReport).toEqual(ourReport);
  for (const [key, tensor] of ours) expect(torch.equal(theirs.get(key) as torch.Tensor, tensor)).toBe(true);
  const built = xceptionWith(again);
  expect(built.entryConv1.at(1)).toMatchObject({ eps: 1e-3, momentum: 0.01 });
  expect(`${built.exitBlock.maxpool}`).toBe("SameMaxPool2d(kernel_size=3, stride=2, padding='same')");
  expect(`${built.entryConv1.at(0)}`).toBe('Conv2d(1, 32, kernel_size=(3, 3), stride=(2, 2), bias=False)');
});

const IMAGENET = { inputSize: [3, 299, 299], mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;

test('Python opens a converted file as any state dict', () => {
  const path = join(folder(), 'x.pt');
  const model = new torch.models.Xception({ numClasses: 2, init: 'default' });
  saveXception(convertXception(model.stateDict(), { head: 3 }, null), path);
  const said = runPython(
    `import torch
state = torch.load(input, weights_only=True, mmap=True)
print(json.dumps([type(state).__name__, len(state), list(state['fc.weight'].shape), state._metadata['']['xception']['family']]))`,
    path,
  );
  expect(said).toEqual(['OrderedDict', 276, [3, 2048], 'libtorch-node']);
});

test('metadata of someone else is refused', async () => {
  const path = join(folder(), 'x.safetensors');
  torch.safetensors.saveFile({ a: torch.ones([1]) }, path, { xception: '{"architecture": 3}' });
  await expect(loadXception(path)).rejects.toThrow(/metadata 'xception' is not what xception convert writes/);
});

test('an image becomes what the network sees', () => {
  const image = torch
    .arange(3 * 40 * 60)
    .remainder(256)
    .to(torch.uint8)
    .view([3, 40, 60]);
  const how = { ...IMAGENET, inputSize: [3, 20, 20], interpolation: 'bilinear' } as const;
  const { centerCrop, resize } = torch.vision;
  const centred = torch.weights.preprocess(image, { ...how, cropMode: 'center', cropPct: 0.8 });
  const expected = centerCrop(resize(image, 25), 20).to(torch.float32).div(255).sub(0.5).div(0.5);
  torch.testing.assertClose(centred, expected.unsqueeze(0));
  const squashed = torch.weights.preprocess(image, { ...how, cropMode: 'squash', cropPct: 1 });
  torch.testing.assertClose(
    squashed,
    resize(image, [20, 20]).to(torch.float32).div(127.5).sub(1).unsqueeze(0),
  );
});
