import { Dataset } from '../../data/index.js';
import { IndexError } from '../../errors.js';
import { scope } from '../../memory.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { applyTransform, type ImageTransform } from '../transforms/transform.js';

export interface VisionDatasetOptions {
  /** The training images or those for the test. Default true. */
  train?: boolean;
  /** Applied to every image. */
  transform?: ImageTransform;
  /** Applied to every class index. */
  targetTransform?: (classIndex: number) => number;
}

/** Base of datasets that are in memory as a whole: samples are `[image, classIndex]`. */
export abstract class VisionDataset extends Dataset<[image: Tensor, classIndex: number]> {
  readonly train: boolean;
  readonly transform: ImageTransform | null;
  readonly targetTransform: ((classIndex: number) => number) | null;

  constructor(
    readonly root: string,
    options: VisionDatasetOptions,
  ) {
    requireNames(new.target, options, { train: true, transform: true, targetTransform: true });
    super();
    this.train = options.train ?? true;
    this.transform = options.transform ?? null;
    this.targetTransform = options.targetTransform ?? null;
  }

  abstract get classes(): readonly string[];

  /** The image, [channels, height, width] in uint8, and its class; `index` is from 0. */
  protected abstract sample(index: number): [image: Tensor, classIndex: number];

  get classToIdx(): ReadonlyMap<string, number> {
    return new Map(this.classes.map((name, index) => [name, index]));
  }

  /** @throws IndexError when `index` is outside `[-length, length)` */
  get(index: number): [Tensor, number] {
    if (!Number.isInteger(index) || index < -this.length || index >= this.length) {
      throw new IndexError(`index ${index} is out of range: there are ${this.length} images in ${this.root}`);
    }
    return scope(() => {
      const [image, classIndex] = this.sample(index < 0 ? index + this.length : index);
      return [
        this.transform ? applyTransform(this.transform, image) : image,
        this.targetTransform ? this.targetTransform(classIndex) : classIndex,
      ];
    });
  }
}
