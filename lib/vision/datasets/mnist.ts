import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { int64 } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { scope } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { readIdx } from './idx-file.js';
import { VisionDataset, type VisionDatasetOptions } from './vision-dataset.js';

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/**
 * Handwritten digits, [1, 28, 28] in uint8, from the four files of `root/MNIST/raw`, packed (.gz) or not
 * (torchvision.datasets.MNIST). Nothing is downloaded.
 */
export class MNIST extends VisionDataset {
  /** uint8 [N, 28, 28]. */
  readonly data: Tensor;
  /** int64 [N]. */
  readonly targets: Tensor;

  /** @throws TorchError naming the file that is missing */
  constructor(root: string, options: VisionDatasetOptions = {}) {
    super(root, options);
    const set = this.train ? 'train' : 't10k';
    for (const name of ['train', 't10k']) {
      this.find(`${name}-images-idx3-ubyte`);
      this.find(`${name}-labels-idx1-ubyte`);
    }
    this.data = this.read(`${set}-images-idx3-ubyte`, 3).keep();
    this.targets = scope(() => this.read(`${set}-labels-idx1-ubyte`, 1).to(int64)).keep();
  }

  override get classes(): readonly string[] {
    return DIGITS.map((name, digit) => `${digit} - ${name}`);
  }

  override get length(): number {
    return this.data.size(0);
  }

  /** Where the files are: in a folder with the name of the class. */
  get rawFolder(): string {
    return join(this.root, this.constructor.name, 'raw');
  }

  protected override sample(index: number): [Tensor, number] {
    const image = this.data.select(0, index).unsqueeze(-1).permute([2, 0, 1]);
    return [image, Number(this.targets.select(0, index).item())];
  }

  private find(name: string): string {
    const path = join(this.rawFolder, name);
    const found = [path, `${path}.gz`].find(existsSync);
    if (found !== undefined) return found;
    throw new TorchError(
      `Dataset not found: there is neither ${path} nor ${name}.gz. Nothing is downloaded here: put the four files ` +
        `of ${this.constructor.name} there.`,
    );
  }

  private read(name: string, dims: number): Tensor {
    const path = this.find(name);
    const bytes = readFileSync(path);
    return readIdx(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, dims, path);
  }
}

/** Clothes, in the format of {@link MNIST}, from `root/FashionMNIST/raw` (torchvision.datasets.FashionMNIST). */
export class FashionMNIST extends MNIST {
  override get classes(): readonly string[] {
    return [
      'T-shirt/top',
      'Trouser',
      'Pullover',
      'Dress',
      'Coat',
      'Sandal',
      'Shirt',
      'Sneaker',
      'Bag',
      'Ankle boot',
    ];
  }
}
