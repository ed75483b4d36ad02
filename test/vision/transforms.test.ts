import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { describe, expect, it } from 'vitest';

import { applySteps, goldenCases, patternImage, photosFolder, sha256 } from './golden.js';

const { vision } = torch;

function measured(tensor: torch.Tensor) {
  return { dtype: tensor.dtype.name, shape: tensor.shape, stride: tensor.stride(), sha256: sha256(tensor) };
}

describe('equal to torchvision.transforms.v2, bit for bit and in the same memory layout', () => {
  it.each(goldenCases('photos'))('$photo', async ({ photo, decoded, results }) => {
    const image = await vision.decodeImage(join(photosFolder, photo as string));
    expect({ shape: image.shape, stride: image.stride(), sha256: sha256(image) }).toEqual(decoded);
    for (const { steps, ...expected } of results) {
      expect({ steps, ...measured(applySteps(image, steps)) }).toEqual({ steps, ...expected });
    }
  });

  it.each(goldenCases('patterns'))(
    '$pattern.dtype $pattern.shape $pattern.layout',
    ({ pattern, results }) => {
      if (pattern === undefined) throw new Error('not a pattern');
      const image = patternImage(pattern);
      for (const { steps, ...expected } of results) {
        expect({ steps, ...measured(applySteps(image, steps)) }).toEqual({ steps, ...expected });
      }
    },
  );
});
