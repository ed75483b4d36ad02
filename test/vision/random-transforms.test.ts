import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { beforeAll, describe, expect, it } from 'vitest';

import { build, fingerprint, type GoldenCase, patternImage, photosFolder, type Spec } from './golden.js';

const { vision } = torch;

// One thread, as in tools/golden/vision_transforms.py.
beforeAll(() => torch.setNumThreads(1));

interface Golden<Case> {
  photos: string[];
  steps: Spec[];
  transform: Spec;
  cases: Case[];
}

function golden<Case>(name: string): Golden<Case> {
  return JSON.parse(readFileSync(new URL(`./golden/${name}.json`, import.meta.url), 'utf8'));
}

const listed = (value: torch.Tensor | torch.Tensor[]) => (Array.isArray(value) ? value : [value]);

describe('the same bits and draws as torchvision under the same seeds', () => {
  const { photos, cases } = golden<{ transform: Spec; input: string; digests: string }>('transforms');
  const inputs = { uint8: [] as torch.Tensor[], float32: [] as torch.Tensor[] };
  let batch: torch.Tensor;

  beforeAll(async () => {
    for (const photo of photos) {
      const image = vision.resize(await vision.decodeImage(join(photosFolder, photo)), 80);
      inputs.uint8.push(image);
      inputs.float32.push(vision.toDtype(image, torch.float32, { scale: true }));
    }
    batch = torch.stack(inputs.float32.slice(0, 6).map((image) => vision.centerCrop(image, 64)));
  });

  it('has more than 50 photos', () => expect(photos.length).toBeGreaterThan(50));

  it.each(cases)('$transform of $input', ({ transform, input, digests }) => {
    const made = build(transform);
    const expected = digests.split(' ');
    const labels = torch.tensor([0n, 1n, 2n, 3n, 4n, 6n]);
    const different = expected.flatMap((digest, seed) => {
      torch.manualSeed(seed);
      return torch.scope(() => {
        const image = inputs[input as keyof typeof inputs]?.[seed];
        const outputs = listed(image ? made.forward(image) : made.forward(batch, labels));
        return fingerprint(...outputs) === digest ? [] : [`seed ${seed}`];
      });
    });
    expect(different).toEqual([]);
  });
});

describe('the same batches as a DataLoader of Python over three epochs', () => {
  const { transform, cases } = golden<{ workers: number; digests: string }>('loader');

  it.each(cases)('with $workers workers', async ({ workers, digests }) => {
    const folder = new vision.ImageFolder(join(photosFolder, 'val'), {
      transform: build(transform) as InstanceType<typeof vision.Compose>,
    });
    torch.manualSeed(7);
    const loader = new torch.data.DataLoader(folder, { batchSize: 3, shuffle: true, numWorkers: workers });
    const got: string[] = [];
    for (let epoch = 0; epoch < 3; epoch++) {
      for await (const batch of loader) got.push(fingerprint(...(batch as [torch.Tensor, torch.Tensor])));
    }
    expect(got).toEqual(digests.split(' '));
  });
});

describe('functional forms on dtypes, layouts, batches and grey images', () => {
  const { steps, cases } = golden<{ pattern: NonNullable<GoldenCase['pattern']>; digests: string }>(
    'functional',
  );

  it.each(cases)('$pattern.dtype $pattern.shape $pattern.layout', ({ pattern, digests }) => {
    const image = patternImage(pattern);
    const different = digests.split(' ').flatMap((digest, i) => {
      const [name, ...args] = steps[i] as Spec;
      if (digest === '-') return [];
      const apply = vision[name as keyof typeof vision] as unknown as (
        ...args: unknown[]
      ) => torch.Tensor | torch.Tensor[];
      torch.manualSeed(0);
      return torch.scope(() => {
        const outputs = listed(apply(image, ...args));
        return fingerprint(...outputs) === digest ? [] : [steps[i]];
      });
    });
    expect(different).toEqual([]);
  });
});
