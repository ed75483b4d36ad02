import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { expect, it } from 'vitest';

import { sha256 } from './golden.js';

const { decodeImage } = torch.vision;
const folder = fileURLToPath(new URL('./golden/images/', import.meta.url));

interface Case {
  file: string;
  mode: torch.vision.ImageReadMode;
  turned: boolean;
  result: { dtype: string; shape: number[]; stride: number[]; sha256: string } | null;
}

const { cases } = JSON.parse(readFileSync(join(folder, 'decoded.json'), 'utf8')) as { cases: Case[] };
const files = [...new Set(cases.map(({ file }) => file))];

// torchvision gives another mode than was asked for.
const isRefusedHere = ({ file, mode }: Case) =>
  (file.endsWith('.webp') && mode.startsWith('gray')) ||
  (file.endsWith('.gif') && !/^(rgb|unchanged)$/.test(mode));

// torchvision 0.29.1 writes no alpha for palettes that have none, so that its pixels overlap, 1 for that of a single
// bit, and leaves a palette's numbers packed where they have less than 8 bits.
const isMistaken = ({ file, mode }: Case) =>
  (/^(bits|palette|palette-4-bits)\.png$/.test(file) && mode.endsWith('_alpha')) ||
  (file === 'palette-4-bits.png' && mode === 'unchanged');

it.each(files)('decodes %s in every mode as torchvision', async (file) => {
  for (const given of cases.filter((other) => other.file === file && !isMistaken(other))) {
    const { mode, turned, result } = given;
    const options = { mode, applyExifOrientation: turned };
    if (result === null || isRefusedHere(given)) {
      await expect(decodeImage(join(folder, file), options)).rejects.toThrow(
        /The provided mode is not supported for [\w, ]+ files: (gray|gray_alpha|rgb_alpha); use /,
      );
      continue;
    }
    const image = await decodeImage(join(folder, file), options);
    const got = {
      dtype: image.dtype.name,
      shape: image.shape,
      stride: image.stride(),
      sha256: sha256(image),
    };
    expect({ ...options, ...got }).toEqual({ ...options, ...result });
  }
});

it('numbers the colours of a palette with less than 8 bits', async () => {
  const path = join(folder, 'palette-4-bits.png');
  const [indices, colours] = [await decodeImage(path, { mode: 'unchanged' }), await decodeImage(path)];
  const numbers = indices.flatten().tolist() as number[];
  const pixels = (colours.flatten(1).t().tolist() as number[][]).map(String);
  const seen = new Map(numbers.map((number, i) => [number, pixels[i]]));
  expect(numbers.map((number) => seen.get(number))).toEqual(pixels);
  expect(new Set(numbers).size).toBe(new Set(pixels).size);
  expect(Math.max(...numbers)).toBeLessThan(16);
});

it.each(['bits.png', 'palette.png', 'palette-4-bits.png'])('makes %s opaque', async (file) => {
  for (const mode of ['gray', 'rgb'] as const) {
    const image = await decodeImage(join(folder, file), { mode: `${mode}_alpha` });
    const colour = await decodeImage(join(folder, file), { mode });
    expect(torch.equal(image.narrow(0, 0, colour.size(0)), colour)).toBe(true);
    expect(image.index(-1).eq(255).all().item()).toBe(true);
  }
});

it('names the modes there are', async () => {
  await expect(decodeImage(join(folder, 'rgb.png'), { mode: 'grey' as 'gray' })).rejects.toThrow(
    "unknown mode 'grey' of an image: use one of unchanged, gray, gray_alpha, rgb, rgb_alpha",
  );
});
