import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { sha256 } from './golden.js';

const { vision } = torch;
const golden = fileURLToPath(new URL('./golden/datasets', import.meta.url));

// The small files have other checksums than the originals.
const unchecked = (files: torch.vision.CifarFiles): torch.vision.CifarFiles => ({
  ...files,
  train: files.train.map(([name]) => [name, null]),
  test: files.test.map(([name]) => [name, null]),
  meta: [files.meta[0], null],
});

class SmallCIFAR10 extends vision.CIFAR10 {
  static override readonly files = unchecked(vision.CIFAR10.files);
}

class SmallCIFAR100 extends vision.CIFAR100 {
  static override readonly files = unchecked(vision.CIFAR100.files);
}

const KINDS = {
  KMNIST: vision.KMNIST,
  MNIST: vision.MNIST,
  FashionMNIST: vision.FashionMNIST,
  CIFAR10: SmallCIFAR10,
  CIFAR100: SmallCIFAR100,
};

interface Case {
  name: keyof typeof KINDS | 'EMNIST';
  split?: torch.vision.EMNISTSplit;
  train: boolean;
  classes: string[];
  targets: number[];
  data: number[];
  samples: { target: number; shape: number[]; stride: number[]; sha256: string }[];
}

const { cases } = JSON.parse(readFileSync(join(golden, 'read.json'), 'utf8')) as { cases: Case[] };

it.each(cases)('reads $name $split (train: $train) as torchvision', ({ name, split, train, ...expected }) => {
  const dataset =
    name === 'EMNIST'
      ? new vision.EMNIST(golden, split as torch.vision.EMNISTSplit, { train })
      : new KINDS[name](golden, { train });
  const { targets } = dataset;
  const samples = Array.from({ length: dataset.length }, (_, index) => {
    const [image, target] = dataset.get(index);
    expect(image.dtype).toBe(torch.uint8);
    return { target, shape: image.shape, stride: image.stride(), sha256: sha256(image) };
  });
  expect({
    classes: [...dataset.classes],
    targets: Array.isArray(targets) ? targets : ((targets as torch.Tensor).tolist() as bigint[]).map(Number),
    data: dataset.data.shape,
    samples,
  }).toEqual(expected);
});

it('transforms, counts from the end, and works in a loader', async () => {
  const dataset = new SmallCIFAR10(golden, {
    transform: new vision.Compose([
      new vision.RandomHorizontalFlip({ p: 1 }),
      new vision.ToDtype(torch.float32, { scale: true }),
    ]),
    targetTransform: (target) => target + 100,
  });
  expect(dataset.length).toBe(10);
  expect(dataset.classToIdx.get('bird')).toBe(2);
  const [image, target] = dataset.get(-1);
  expect(target).toBe(100 + (dataset.targets.at(-1) as number));
  const plain = new SmallCIFAR10(golden).get(9)[0];
  expect(torch.equal(image, vision.toDtype(plain.flip([-1]), torch.float32, { scale: true }))).toBe(true);
  expect(() => dataset.get(10)).toThrow(/index 10 is out of range: there are 10 images/);
  expect(() => dataset.get(-11)).toThrow(torch.IndexError);
  const loader = new torch.data.DataLoader(dataset, { batchSize: 4 });
  const shapes: number[][] = [];
  for await (const [images, targets] of loader) shapes.push([...images.shape, ...targets.shape]);
  expect(shapes).toEqual([
    [4, 3, 32, 32, 4],
    [4, 3, 32, 32, 4],
    [2, 3, 32, 32, 2],
  ]);
});

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'datasets-'));
});
afterEach(() => rmSync(root, { recursive: true }));

it('names the file that is missing, and does not download', () => {
  expect(() => new vision.MNIST(root)).toThrow(
    /^Dataset not found: there is neither .*MNIST\/raw\/train-images-idx3-ubyte nor .*\.gz\. Nothing is downloaded/,
  );
  expect(() => new vision.FashionMNIST(root)).toThrow(torch.TorchError);
  expect(() => new vision.CIFAR10(root)).toThrow(
    /^Dataset not found or corrupted: there is no .*cifar-10-batches-py\/data_batch_1\. Nothing is downloaded/,
  );
  cpSync(golden, root, { recursive: true });
  expect(() => new vision.CIFAR10(root)).toThrow(
    /^Dataset not found or corrupted: .*data_batch_1 has the MD5 checksum \w{32} instead of c99cafc152244af753f735de768cd75f/,
  );
});

it('knows the splits', () => {
  expect(() => new vision.EMNIST(golden, 'words' as 'letters')).toThrow(
    /Unknown value 'words' .* \{byclass, bymerge/,
  );
  expect(() => new vision.EMNIST(root, 'letters')).toThrow(
    /neither .*raw\/emnist-letters-train-images-idx3-ubyte nor/,
  );
});

it('says what is wrong with a file', () => {
  cpSync(golden, root, { recursive: true });
  const raw = join(root, 'FashionMNIST/raw');
  const images = join(raw, 'train-images-idx3-ubyte');
  const bytes = readFileSync(images);
  const broken = (change: Uint8Array) => {
    writeFileSync(images, change);
    return () => new vision.FashionMNIST(root);
  };
  expect(broken(bytes.subarray(0, -7))).toThrow(
    /idx3-ubyte should hold 5 x 28 x 28 = 3920 bytes, but has 3913/,
  );
  expect(broken(Buffer.from('<html>'))).toThrow(/is no IDX file: it begins with 0x3c68746d/);
  expect(broken(bytes.subarray(0, 6))).toThrow(/is cut off: it has 6 bytes/);
  expect(broken(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5))).toThrow(/should have 3 dimension instead of 1/);
  expect(broken(Uint8Array.of(0, 0, 12, 3))).toThrow(/of dtype torch.uint8 instead of torch.int32/);
  const batch = join(root, 'cifar-10-batches-py/data_batch_2');
  cpSync(join(root, 'cifar-10-batches-py/batches.meta'), batch);
  expect(() => new SmallCIFAR10(root)).toThrow(
    /data_batch_2 has no array under 'data': it is no file of this/,
  );
  writeFileSync(batch, 'cposix\nsystem\n.');
  expect(() => new SmallCIFAR10(root)).toThrow(/cannot read .*data_batch_2: /);
});
