import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { afterAll, expect, test } from 'vitest';
import { epochs } from './ours/epochs.js';
import { expectSameBits } from './parity.js';

const size = 64;
const photos = fileURLToPath(new URL('../../examples/photos/train', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'libtorch-node-parity-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** Both sides train on what we decoded, so that only the training is compared. */
async function writePixels(path: string): Promise<number[]> {
  const { ImageFolder, centerCrop, resize } = torch.vision;
  const dataset = new ImageFolder(photos, { transform: (image) => centerCrop(resize(image, size), size) });
  const samples = await dataset.getItems(dataset.samples.map((_, index) => index));
  writeFileSync(path, torch.stack(samples.map(([image]) => image)).typedArray());
  return samples.map(([, label]) => label);
}

test('the loss of every step of 3 epochs on the photos', async () => {
  const pixels = join(folder, 'pixels.bin');
  const labels = await writePixels(pixels);
  expect(labels.length).toBe(100);
  const params = { pixels, labels, size, epochs: 3, batchSize: 10 };
  const compared = await expectSameBits(epochs, params, { threads: 1 });
  expect(compared.get('.losses')).toBe('list of 30');
  expect(
    new Set([...compared].filter(([path]) => path.startsWith('.losses[')).map(([, loss]) => loss)).size,
  ).toBe(30);
});
