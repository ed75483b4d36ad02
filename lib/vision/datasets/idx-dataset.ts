import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { int64 } from '../../dtype.js';
import { TorchError } from '../../errors.js';
import { scope } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { readIdx } from './idx-file.js';
import { VisionDataset, type VisionDatasetOptions } from './vision-dataset.js';

/** Names of files in `root/CLASS/raw`, without `.gz`. */
export interface IdxFiles {
  images: string;
  labels: string;
}

/** Base of MNIST and its kin: small grey images and their labels, in two IDX files. */
export abstract class IdxDataset extends VisionDataset {
  /** uint8 [N, 28, 28]. */
  readonly data: Tensor;
  /** int64 [N]. */
  readonly targets: Tensor;

  /** @throws TorchError naming the file of `required` that is missing */
  constructor(
    root: string,
    options: VisionDatasetOptions,
    { images, labels }: IdxFiles,
    required: readonly IdxFiles[],
  ) {
    super(root, options);
    for (const files of required) {
      this.find(files.images);
      this.find(files.labels);
    }
    this.data = this.read(images, 3).keep();
    this.targets = scope(() => this.read(labels, 1).to(int64)).keep();
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
      `Dataset not found: there is neither ${path} nor ${name}.gz. Nothing is downloaded here: put the files of ` +
        `${this.constructor.name} there.`,
    );
  }

  private read(name: string, dims: number): Tensor {
    const path = this.find(name);
    const bytes = readFileSync(path);
    return readIdx(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, dims, path);
  }
}
