// The programs that need torchvision: LIBTORCH_NODE_TORCHVISION=python npm run test:slow -- test/scripts, where that
// Python has the torch that the addon is linked with, and its torchvision.

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSameBits } from '../parity/parity.js';
import { classify } from './classify.js';
import { masks } from './masks.js';

const photos = fileURLToPath(new URL('../../examples/photos/train', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'scripts-'));

/** Small PNGs: what is decoded does not depend on who decodes it. */
beforeAll(async () => {
  for (const [split, from, to] of [
    ['train', 0, 6],
    ['val', 6, 9],
  ] as const) {
    for (const name of readdirSync(photos)) {
      const folder = join(root, split, name);
      mkdirSync(folder, { recursive: true });
      for (const file of readdirSync(join(photos, name)).sort().slice(from, to)) {
        await sharp(join(photos, name, file))
          .resize(48, 40, { fit: 'fill' })
          .toColourspace('srgb')
          .removeAlpha()
          .png()
          .toFile(join(folder, `${file}.png`));
      }
    }
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('classify', async () => {
  const folder = mkdtempSync(join(root, 'checkpoints-'));
  const compared = await expectSameBits(classify, { root, folder });
  expect(compared.size).toBeGreaterThan(200);
});

test('masks', async () => {
  const compared = await expectSameBits(masks, {});
  expect(compared.size).toBeGreaterThan(20);
});
