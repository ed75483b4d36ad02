import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPython } from '../live-python.js';
import { examplePhotos, temporaryFolder, xception } from './program.js';

const folder = temporaryFolder({ keep: true });
const at = (name: string) => join(folder, name);
const photo = join(examplePhotos, 'fish/fish01.jpg');

// Cadene's names, through DataParallel, in a checkpoint with an optimizer.
beforeAll(() => {
  runPython(
    `sys.path.insert(0, input['reference'])
import torch, cadene
torch.manual_seed(0)
state = cadene.Xception(3).state_dict()
torch.save({'epoch': 7, 'state_dict': {'module.' + k: v for k, v in state.items()}, 'optimizer': {'state': {0: {'exp_avg': torch.zeros(3)}}}}, input['file'])
torch.save(cadene.Xception(3), input['whole'])
torch.save({'weight': torch.ones(2, 3), 'bias': torch.ones(2)}, input['linear'])
print('null')`,
    {
      ...{ file: at('cadene.pth'), linear: at('linear.pt'), whole: at('whole.pth') },
      reference: new URL('../parity/reference', import.meta.url).pathname,
    },
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

test('convert says what it did, and predict uses the preprocessing of the weights', async () => {
  const { code, stdout, stderr } = await xception(['convert', at('cadene.pth'), at('ours.safetensors')]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(
    [
      'an Xception of timm: 276 tensors, 3 classes',
      'the names are those of cadene, tstandley, faceforensics too; --from says whose it is',
      'stripped the prefix "state_dict.module."',
      'preprocessing: 299x299 px, bicubic, the middle 89.75 %, mean 0.5 0.5 0.5, std 0.5 0.5 0.5',
      `wrote ${at('ours.safetensors')} (83.5 MB)`,
      `next: npx xception predict PHOTO --weights ${at('ours.safetensors')}`,
      '',
    ].join('\n'),
  );
  const predicted = await xception([
    'predict',
    photo,
    '--weights',
    at('ours.safetensors'),
    '--classes',
    'a,b,c',
  ]);
  expect(predicted).toMatchObject({ code: 0, stderr: '' });
  const weights = await torch.weights.loadXception(at('cadene.pth'));
  const model = torch.weights.xceptionWith(weights).eval();
  const image = await torch.vision.decodeImage(photo);
  const input = torch.weights.preprocess(image, weights.preprocessing as torch.weights.Preprocessing);
  const expected = torch.noGrad(() => model.forward(input).softmax(1).tolist() as number[][])[0] ?? [];
  const said = new Map(
    [...predicted.stdout.matchAll(/(0\.\d{4}) {2}([abc])/g)].map(([, p, name]) => [name, p]),
  );
  expect(['a', 'b', 'c'].map((name) => said.get(name))).toEqual(expected.map((value) => value.toFixed(4)));
});

test('a new classifier is drawn from the seed', async () => {
  const options = ['--num-classes', '5', '--seed', '3', '--from', 'cadene'];
  const { code, stdout } = await xception(['convert', at('cadene.pth'), at('five.pt'), ...options]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^an Xception of cadene: 276 tensors, a new classifier for 5 classes\n/);
  expect(stdout).toMatch(/bilinear/);
  torch.manualSeed(3);
  const { weight } = new torch.nn.Linear(2048, 5);
  const state = torch.load<torch.nn.StateDict>(at('five.pt'));
  expect(torch.equal(state.get('fc.weight') as torch.Tensor, weight)).toBe(true);
  const names = await xception(['predict', photo, '--weights', at('five.pt'), '--size', '96', '--top', '1']);
  expect(names.stdout).toMatch(/ {2}0\.\d{4} {2}class \d\n$/);
});

test('a network that was pickled whole is refused, and converted when its classes may be left out', async () => {
  const convert = ['convert', at('whole.pth'), at('from-whole.pt'), '--from', 'cadene'];
  const refused = await xception(convert);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/it uses cadene\.Xception.*xception convert --keep-unknown/);
  const { code, stdout } = await xception([...convert, '--keep-unknown']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^an Xception of cadene: 276 tensors, 3 classes\n/);
  const inspected = await xception(['inspect', at('whole.pth')]);
  expect(inspected.stdout).toMatch(/^conv1\.weight +\[32, 3, 3, 3\]/m);
});

test('inspect prints a table, or JSON', async () => {
  const text = await xception(['inspect', at('cadene.pth')]);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  const lines = text.stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^name +shape +dtype +size$/);
  expect(lines[1]).toMatch(/^state_dict\.module\.conv1\.weight +\[32, 3, 3, 3\] +float32 +3\.46 kB$/);
  expect(lines).toContain('epoch = 7');
  expect(lines.at(-1)).toBe(`${at('cadene.pth')}: PyTorch, 277 tensors, 20,867,670 elements, 83.5 MB`);
  const { code, stdout } = await xception(['inspect', at('linear.pt'), '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    ...{ file: at('linear.pt'), format: 'PyTorch', nbytes: 32, values: {} },
    tensors: [
      { name: 'weight', shape: [2, 3], dtype: 'float32', nbytes: 24 },
      { name: 'bias', shape: [2], dtype: 'float32', nbytes: 8 },
    ],
  });
});

test.each<[string[], RegExp]>([
  [
    ['convert', at('linear.pt'), at('x.pt')],
    /cannot use .*linear\.pt: it holds no Xception.*"weight", "bias"/,
  ],
  [['convert', at('none.pt'), at('x.pt')], /cannot load .*none\.pt: ENOENT/],
  [['convert', at('cadene.pth'), at('no/x.pt')], /cannot save .*no\/x\.pt: the folder does not exist/],
  [
    ['convert', at('cadene.pth'), at('x.onnx')],
    /cannot save .*x\.onnx: its name must end in \.pt, \.pth or \.safetensors/,
  ],
  [
    ['predict', photo, '--weights', at('cadene.pth')],
    /does not hold an Xception of ours.*xception convert .*cadene\.pth/,
  ],
  [['inspect', folder], /cannot load .*: it is not a file/],
  [['inspect', photo], /cannot load .*fish01\.jpg: it is not a file that torch\.save wrote/],
])('%j fails with one line and leaves nothing behind', async (parameters, message) => {
  const before = readdirSync(folder);
  const { code, stdout, stderr } = await xception(parameters);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^xception: [^\n]*\n$/);
  expect(stderr).toMatch(message);
  expect(readdirSync(folder)).toEqual(before);
});

test('an old OUT stays as it was when the conversion fails', async () => {
  writeFileSync(at('old.pt'), 'old');
  expect((await xception(['convert', at('linear.pt'), at('old.pt')])).code).toBe(1);
  expect(await xception(['convert', at('cadene.pth'), at('old.pt'), '--prefix', 'ema.'])).toMatchObject({
    code: 1,
  });
  expect(readFileSync(at('old.pt'), 'utf8')).toBe('old');
});
