import { readFileSync } from 'node:fs';
import * as torch from 'libtorch-node';
import { beforeAll, expect, it } from 'vitest';

import { fingerprint, type GoldenCase, patternImage } from './golden.js';

const { vision } = torch;

interface Golden {
  qualities: number[];
  cases: { pattern: NonNullable<GoldenCase['pattern']>; digests: string }[];
}

const file = new URL('./golden/jpeg.json', import.meta.url);
const { qualities, cases } = JSON.parse(readFileSync(file, 'utf8')) as Golden;

beforeAll(() => torch.manualSeed(0));

it.each(cases)('$pattern.shape comes out of a JPEG with the bits of torchvision', ({ pattern, digests }) => {
  const image = patternImage(pattern);
  const made = qualities.map((quality) => fingerprint(vision.jpeg(image, quality)));
  expect(made).toEqual(digests.split(' '));
});

const grey = torch.zeros([1, 8, 8], { dtype: torch.uint8 });

it.each([
  [() => vision.jpeg(torch.zeros([1, 8, 8]), 5), /Input tensor dtype should be uint8, got torch.float32/],
  [() => vision.jpeg(grey.expand([2, 8, 8]), 5), /number of channels should be 1 or 3, got: 2/],
  [() => vision.jpeg(grey, 0), /Image quality should be a positive number between 1 and 100, got 0/],
  [() => vision.jpeg(grey, 7.5), /between 1 and 100, got 7.5/],
  [() => new vision.JPEG([50, 20]), /quality must be an integer from 1 to 100, got quality = \[50, 20\]/],
])('says what is wrong: %s', (make, message) => {
  expect(make).toThrow(message);
});
