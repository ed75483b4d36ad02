// Each of these is one line that says what to do, exit code 1, and nothing written.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { photoFolder, small, temporaryFolder, xception } from './program.js';

const root = temporaryFolder({ keep: true });
afterAll(() => rmSync(root, { recursive: true }));

const photos = join(root, 'photos');
const photo = join(photos, 'fish', 'fish01.jpg');
beforeAll(() => photoFolder(photos));

function folder(name: string): string {
  const made = join(root, name);
  mkdirSync(made, { recursive: true });
  return made;
}

async function expectRefusal(parameters: string[], message: RegExp): Promise<void> {
  const out = join(root, 'out');
  const { code, stdout, stderr } = await xception(['overfit', ...small, '--out', out, ...parameters]);
  expect(stderr).toMatch(/^xception: [^\n]*\n$/);
  expect(stderr).toMatch(message);
  expect({ code, stdout, written: existsSync(out) }).toEqual({ code: 1, stdout: '', written: false });
}

test('the folder is missing', async () => {
  await expectRefusal(
    ['--data', join(root, 'nowhere')],
    /nowhere does not exist.*folder of photos for each class/,
  );
});

test('the folder is a file', async () => {
  await expectRefusal(['--data', photo], /fish01\.jpg is not a folder/);
});

test('there is no class folder', async () => {
  await expectRefusal(['--data', folder('empty')], /class folder in .*empty.*Put the images/);
});

test('a class folder is empty', async () => {
  const data = photoFolder(folder('gap'), { classes: ['fish'], each: 2 });
  mkdirSync(join(data, 'tool'));
  await expectRefusal(['--data', data], /classes tool.*Add images or remove the folder/);
});

test('there is one class only', async () => {
  const data = photoFolder(folder('one-class'), { classes: ['fish'], each: 2 });
  await expectRefusal(['--data', data], /one class folder only, fish.*labels image/);
});

test('there is one photo only, and each is its own class', async () => {
  const data = photoFolder(folder('one-photo'), { classes: ['fish'], each: 1 });
  await expectRefusal(['--data', data, '--labels', 'image'], /one photo only/);
});

test('a file is not an image', async () => {
  const data = photoFolder(folder('not-an-image'), { each: 2 });
  writeFileSync(join(data, 'tool', 'notes.jpg'), 'buy milk\n');
  await expectRefusal(['--data', data], /notes\.jpg: it is not an image/);
});

test('an image is empty', async () => {
  const data = photoFolder(folder('no-bytes'), { each: 2 });
  writeFileSync(join(data, 'tool', 'nothing.jpg'), '');
  await expectRefusal(['--data', data], /nothing\.jpg: the file is empty/);
});

test('an image is cut off', async () => {
  const data = photoFolder(folder('cut'), { each: 2 });
  writeFileSync(join(data, 'tool', 'half.jpg'), readFileSync(photo).subarray(0, 5000));
  await expectRefusal(['--data', data], /half\.jpg: the image is cut off/);
});

test('the size is too small for batches of one', async () => {
  const parameters = ['--data', photos, '--size', '32', '--batch-size', '1'];
  await expectRefusal(parameters, /size 32 is too small.*size 33 or more, or batch size 2/);
});

test('the size is too small for a last batch of one', async () => {
  const parameters = ['--data', photos, '--size', '20', '--batch-size', '7'];
  await expectRefusal(parameters, /last of 8 photos is a batch of its own.*batch size 8/);
});

test('CUDA is asked for and not there', async () => {
  await expectRefusal(
    ['--data', photos, '--device', 'cuda'],
    /Torch not compiled with CUDA enabled: use device cpu|No CUDA GPUs are available/,
  );
});

test('the device is no device', async () => {
  await expectRefusal(['--data', photos, '--device', 'tpu'], /device must be cpu or cuda, got 'tpu'/);
});

test.each([
  ['is a file', photo],
  ['is below a file', join(photo, 'runs')],
  // Where Node's own recursive mkdir never ends.
  ['cannot be made', '/proc/runs'],
])('out %s', async (_, out) => {
  await expectRefusal(
    ['--data', photos, '--out', out],
    /cannot write to the folder .*choose another out folder/,
  );
});

test('the learning rate is far too large', async () => {
  const out = join(root, 'diverged');
  const { code, stderr } = await xception([
    'overfit',
    ...small,
    '--data',
    photos,
    '--lr',
    '1e30',
    '--schedule',
    'constant',
    '--out',
    out,
  ]);
  expect(stderr).toMatch(/^xception: the loss became (NaN|Infinity).*smaller learning rate\n$/);
  expect(code).toBe(1);
  expect(existsSync(join(out, 'last.pt'))).toBe(false);
});

test.each([
  [['nowhere.jpg', '--weights', 'last.pt'], /last\.pt/],
  [[photo, '--weights', photo], /fish01\.jpg: it is not a file that torch\.save wrote/],
])('predict %j', async (parameters, message) => {
  const { code, stdout, stderr } = await xception(['predict', ...parameters]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^xception: [^\n]*\n$/);
  expect(stderr).toMatch(message);
});
