import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPython } from '../live-python.js';
import { type Ended, photoFolder, small, temporaryFolder, xception } from './program.js';

const root = temporaryFolder({ keep: true });
afterAll(() => rmSync(root, { recursive: true }));

const photos = join(root, 'photos');
const out = join(root, 'runs', 'first');
const read = (name: string) => readFileSync(join(out, name), 'utf8');

let ended: Ended;
beforeAll(async () => {
  photoFolder(photos);
  ended = await xception([
    'overfit',
    ...small,
    '--data',
    photos,
    '--out',
    out,
    '--epochs',
    '3',
    '--eval-every',
    '2',
  ]);
});

interface Line {
  epoch: number;
  lr: number;
  train_loss: number;
  train_accuracy: number;
  eval_loss: number | null;
  eval_accuracy: number | null;
}

const lines = (): Line[] =>
  read('metrics.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('it ends well and leaves its files, nothing else', () => {
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(out).sort()).toEqual([
    'curves.png',
    'curves.svg',
    'last.pt',
    'metrics.jsonl',
    'summary.json',
  ]);
});

test('metrics.jsonl has one line per epoch; eval every second one and at the end', () => {
  expect(lines()).toMatchObject([
    { epoch: 1, steps: 2, complete: true, lr: 1e-3, eval_loss: null, eval_accuracy: null },
    { epoch: 2, steps: 2, complete: true, eval_accuracy: expect.any(Number) },
    { epoch: 3, steps: 2, complete: true, eval_accuracy: expect.any(Number) },
  ]);
  // Half a cosine over 6 steps, at steps 2 and 4.
  expect(lines()[1]?.lr).toBeCloseTo(0.75e-3, 10);
  expect(lines()[2]?.lr).toBeCloseTo(0.25e-3, 10);
  for (const { train_accuracy } of lines()) expect(Number.isInteger(train_accuracy * 8)).toBe(true);
});

test('what is printed is what is written, named the same', () => {
  for (const { epoch, train_loss, train_accuracy, eval_accuracy } of lines()) {
    const line = ended.stdout.split('\n').find((text) => text.startsWith(`epoch ${epoch}/3: `));
    expect(line).toContain(
      `train loss ${train_loss.toFixed(4)}, train accuracy ${train_accuracy.toFixed(3)}`,
    );
    if (eval_accuracy === null) expect(line).not.toContain('eval');
    else expect(line).toContain(`eval accuracy ${eval_accuracy.toFixed(3)}`);
  }
  expect(ended.stdout).toMatch(/8 photos in 2 classes \(fish, tool\)/);
  expect(ended.stdout).toMatch(/done after 3 epochs \(6 steps\)/);
});

test('summary.json holds the result, the recipe and what prediction needs', () => {
  const last = lines().at(-1);
  expect(JSON.parse(read('summary.json'))).toMatchObject({
    interrupted: false,
    epochs: 3,
    steps: 6,
    train_loss: last?.train_loss,
    train_accuracy: last?.train_accuracy,
    eval_epoch: 3,
    eval_loss: last?.eval_loss,
    eval_accuracy: last?.eval_accuracy,
    classes: ['fish', 'tool'],
    preprocessing: { size: 33, scale: 'x / 127.5 - 1' },
    recipe: { optimizer: 'adam', schedule: 'cosine', memory_format: 'channels_last', seed: 0, threads: 1 },
  });
});

test('curves.svg names the curves, curves.png is a picture with letters in it', async () => {
  for (const name of ['train loss', 'eval loss', 'train accuracy', 'eval accuracy', 'epoch']) {
    expect(read('curves.svg')).toContain(`>${name}<`);
  }
  const png = sharp(join(out, 'curves.png'));
  const { format, width = 0, height = 0 } = await png.metadata();
  expect(format).toBe('png');
  expect(width).toBeGreaterThan(1500);
  expect(height).toBeGreaterThan(700);
  // Where the title is: paper without ink would mean that no font was found.
  const title = await png.extract({ left: 0, top: 20, width, height: 80 }).greyscale().raw().toBuffer();
  expect(title.filter((value) => value < 100).length).toBeGreaterThan(500);
});

test('last.pt loads strict in Python, metadata and all, and predicts the same', async () => {
  const reference = fileURLToPath(new URL('../../python', import.meta.url));
  const [loaded, photo] = [join(out, 'last.pt'), join(photos, 'fish', 'fish01.jpg')];
  const state = runPython<{ kind: string; keys: number; versions: (number | null)[] }>(
    `import torch
sys.path.insert(0, input['reference'])
sys.dont_write_bytecode = True
from xception import Xception
state = torch.load(input['loaded'], weights_only=True)
Xception(num_classes=2).load_state_dict(state, strict=True)
meta = state._metadata
print(json.dumps({'kind': type(state).__name__, 'keys': len(state), 'versions': [meta['']['version'], meta['entry_conv1.1']['version']]}))`,
    { reference, loaded },
  );
  expect(state).toEqual({ kind: 'OrderedDict', keys: 276, versions: [1, 2] });

  const { code, stdout } = await xception(['predict', photo, join(photos, 'tool'), '--weights', loaded]);
  // A folder is no image: the first photo is named, then the program says what is wrong.
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^[^\n]*fish01\.jpg\n {2}[01]\.\d{4} {2}(fish|tool)\n {2}[01]\.\d{4} {2}(fish|tool)\n$/,
  );
});

test('predict: the probabilities add up, --top and --classes choose what is printed', async () => {
  const photo = join(photos, 'fish', 'fish01.jpg');
  const weights = join(out, 'last.pt');
  const both = await xception(['predict', photo, '--weights', weights]);
  const sum = [...both.stdout.matchAll(/^ {2}(\S+)/gm)].reduce(
    (total, [, value]) => total + Number(value),
    0,
  );
  expect(sum).toBeCloseTo(1, 3);
  const one = await xception(['predict', photo, '--weights', weights, '--top', '1', '--classes', 'a,b']);
  expect(one.stdout).toMatch(/^[^\n]*\n {2}[01]\.\d{4} {2}[ab]\n$/);
  const wrong = await xception(['predict', photo, '--weights', weights, '--classes', 'a,b,c']);
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/2 classes.*3 names\n$/) });
});

test('a second run with the same seed leaves the same bits', async () => {
  const again = join(root, 'again');
  await xception([
    'overfit',
    ...small,
    '--data',
    photos,
    '--out',
    again,
    '--epochs',
    '3',
    '--eval-every',
    '2',
  ]);
  expect(readFileSync(join(again, 'last.pt')).equals(readFileSync(join(out, 'last.pt')))).toBe(true);
});

test('with --labels image every photo is its own class', async () => {
  const images = join(root, 'images');
  const { code, stdout } = await xception([
    'overfit',
    ...small,
    '--data',
    photos,
    '--labels',
    'image',
    '--out',
    images,
    '--epochs',
    '1',
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/8 photos in 8 classes/);
  const { classes } = JSON.parse(readFileSync(join(images, 'summary.json'), 'utf8'));
  expect(classes[0]).toBe('fish/fish01.jpg');
});
