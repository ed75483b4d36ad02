// Files that Keras wrote (tools/golden/keras_xception.py), with what Keras computed from them.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, expect, test } from 'vitest';

const golden = (name: string) => fileURLToPath(new URL(`golden/${name}`, import.meta.url));
const FILES = ['xception.weights.h5', 'xception.h5'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keras-'));
  for (const name of FILES) {
    writeFileSync(join(folder, name), gunzipSync(readFileSync(golden(`${name}.gz`))));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const SIZE = 96;

/** The images of the script: [2, 96, 96, 3] there. */
function images(): torch.Tensor {
  const steps = torch
    .arange(2 * SIZE * SIZE * 3)
    .remainder(127)
    .mul(59)
    .remainder(127);
  const values = steps
    .to(torch.float64)
    .mul(2 / 126)
    .sub(1)
    .to(torch.float32);
  return values.view([2, SIZE, SIZE, 3]).permute([0, 3, 1, 2]).contiguous();
}

test.each(FILES)('%s gives the logits of Keras within 1e-5', async (name) => {
  const weights = await torch.weights.loadXception(join(folder, name));
  const { report, architecture, preprocessing, numClasses } = weights;
  expect(report).toMatchObject({
    family: 'keras',
    prefix: '',
    alsoFits: [],
    reshaped: [],
    unused: [],
    head: 'kept',
  });
  expect(numClasses).toBe(7);
  expect(report.added).toHaveLength(40);
  expect(architecture).toEqual({
    stemPadding: 0,
    poolPadding: 'same',
    batchNorm: { eps: 1e-3, momentum: 0.01 },
  });
  expect(preprocessing).toMatchObject({
    interpolation: 'nearest-exact',
    cropMode: 'squash',
    mean: [0.5, 0.5, 0.5],
  });
  const model = torch.weights.xceptionWith(weights).eval();
  const ours = torch.noGrad(() => model.forward(images()));
  const theirs = torch.numpy.load(golden('logits.npy'));
  expect(theirs.abs().max().item()).toBeGreaterThan(0.5);
  torch.testing.assertClose(ours, theirs, { rtol: 1e-5, atol: 1e-5 });
  // The test can tell Keras' pooling from PyTorch's.
  const plain = new torch.models.Xception({ ...architecture, poolPadding: 'symmetric', numClasses: 7 });
  plain.loadStateDict(weights.state);
  expect(
    torch
      .noGrad(() => plain.eval().forward(images()))
      .sub(theirs)
      .abs()
      .max()
      .item(),
  ).toBeGreaterThan(1e-3);
});

test('both files hold the same', async () => {
  const [a, b] = await Promise.all(FILES.map((name) => torch.weights.loadXception(join(folder, name))));
  for (const [key, tensor] of a?.state ?? []) {
    expect({ key, same: torch.equal(tensor, b?.state.get(key) as torch.Tensor) }).toEqual({
      key,
      same: true,
    });
  }
});

test('what HDF5 says is in the message', async () => {
  const path = join(folder, 'cut.h5');
  const bytes = readFileSync(join(folder, 'xception.h5'));
  writeFileSync(path, bytes.subarray(0, bytes.length - 1000));
  await expect(torch.weights.loadXception(path)).rejects.toThrow(
    /cannot load .*cut\.h5: it is damaged or cut off: HDF5 says "truncated file/,
  );
  // The signature alone.
  writeFileSync(path, bytes.subarray(0, 8));
  await expect(torch.weights.loadXception(path)).rejects.toThrow(/damaged or cut off/);
  writeFileSync(join(folder, 'model.keras'), 'PK');
  await expect(torch.weights.loadXception(join(folder, 'model.keras'))).rejects.toThrow(
    /save_weights\('x\.weights\.h5'\)/,
  );
});
