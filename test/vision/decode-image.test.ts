import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';

import { photosFolder } from './golden.js';

const { decodeImage } = torch.vision;
const folder = mkdtempSync(join(tmpdir(), 'decode-'));
afterAll(() => rmSync(folder, { recursive: true }));

const photo = join(photosFolder, 'train/fish/fish01.jpg');
const pixels = Uint8Array.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120);
const source = () => sharp(pixels, { raw: { width: 2, height: 2, channels: 3 } });

it('gives [3, height, width] from a path or bytes, in rows of RGB triples', async () => {
  const path = join(folder, 'rgb.png');
  await source().png().toFile(path);
  for (const image of [await decodeImage(path), await decodeImage(readFileSync(path))]) {
    expect(image.dtype).toBe(torch.uint8);
    expect(image.tolist()).toEqual([
      [
        [10, 40],
        [70, 100],
      ],
      [
        [20, 50],
        [80, 110],
      ],
      [
        [30, 60],
        [90, 120],
      ],
    ]);
    expect(image.stride()).toEqual([1, 6, 3]);
  }
});

it('repeats grey and drops alpha without blending', async () => {
  const grey = await sharp(Uint8Array.of(7, 200), { raw: { width: 2, height: 1, channels: 1 } })
    .png()
    .toBuffer();
  expect((await decodeImage(grey)).tolist()).toEqual([[[7, 200]], [[7, 200]], [[7, 200]]]);
  const clear = await sharp(Uint8Array.of(1, 2, 3, 0), { raw: { width: 1, height: 1, channels: 4 } })
    .png()
    .toBuffer();
  expect((await decodeImage(clear)).tolist()).toEqual([[[1]], [[2]], [[3]]]);
});

it('does not turn the image by its EXIF orientation, as torchvision', async () => {
  const bytes = await sharp(photo).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  expect((await sharp(bytes).metadata()).orientation).toBe(6);
  expect((await decodeImage(bytes)).shape).toEqual([3, 213, 320]);
});

it('reads WebP, TIFF and GIF', async () => {
  for (const bytes of [
    await source().webp({ lossless: true }).toBuffer(),
    await source().tiff({ compression: 'none' }).toBuffer(),
    await source().gif().toBuffer(),
  ]) {
    expect((await decodeImage(bytes)).select(0, 0).tolist()).toEqual([
      [10, 40],
      [70, 100],
    ]);
  }
});

function file(name: string, contents: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

it.each([
  [
    'half a photo',
    () => file('half.jpg', readFileSync(photo).subarray(0, 5000)),
    /half.jpg: the image is cut off/,
  ],
  [
    'all but two bytes',
    () => file('end.jpg', readFileSync(photo).subarray(0, -2)),
    /end.jpg: the image is cut off/,
  ],
  [
    'text',
    () => file('text.jpg', 'not an image'),
    /text.jpg: it is not an image in a format that can be read/,
  ],
  ['nothing', () => file('empty.png', ''), /empty.png: the file is empty/],
  ['a missing file', () => join(folder, 'missing.jpg'), /cannot read image .*missing.jpg: ENOENT/],
  ['a folder', () => folder, /cannot read image .*EISDIR/],
])('names the file: %s', async (_, path, message) => {
  const failed = await decodeImage(path()).catch((error: Error) => error);
  expect(failed).toBeInstanceOf(torch.ValueError);
  expect((failed as Error).message).toMatch(message);
});
