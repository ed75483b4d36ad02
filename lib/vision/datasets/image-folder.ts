import type { Dataset } from '../../data/index.js';
import { IndexError } from '../../errors.js';
import { scope } from '../../memory.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { decodeImage } from '../io/decode-image.js';
import { applyTransform, type ImageTransform } from '../transforms/transform.js';
import { type FileSample, findClasses, makeDataset } from './folder.js';

export interface ImageFolderOptions {
  /** Applied to every image after decoding, one image after the other, in the order of the batch. */
  transform?: ImageTransform;
  /** Applied to every class index. */
  targetTransform?: (classIndex: number) => number;
  /** Reads one file. Default: {@link decodeImage}. */
  loader?: (path: string) => Promise<Tensor>;
}

/**
 * Images in one folder per class, `root/CLASS/**\/image.jpg`: samples are `[image, classIndex]`. Classes and files
 * come in the order of torchvision.datasets.ImageFolder. A batch's files are decoded side by side.
 */
export class ImageFolder implements Dataset<[image: Tensor, classIndex: number]> {
  readonly root: string;
  readonly classes: readonly string[];
  readonly classToIdx: ReadonlyMap<string, number>;
  readonly samples: readonly FileSample[];
  readonly #options: ImageFolderOptions;

  /** @throws ValueError when the folder is missing or has no class folder, or a class has no image */
  constructor(root: string, options: ImageFolderOptions = {}) {
    requireNames(new.target, options, { transform: true, targetTransform: true, loader: true });
    this.root = root;
    this.classes = findClasses(root);
    this.classToIdx = new Map(this.classes.map((name, index) => [name, index]));
    this.samples = makeDataset(root, this.classes);
    this.#options = options;
  }

  get length(): number {
    return this.samples.length;
  }

  /** The class index of every sample. */
  get targets(): number[] {
    return this.samples.map(([, classIndex]) => classIndex);
  }

  /** @throws ValueError naming the file when it is not an image or is cut off */
  async get(index: number): Promise<[Tensor, number]> {
    const sample = this.#sample(index);
    return this.#transform(await this.#load(sample), sample);
  }

  /** Decodes all files at once; transforms run afterwards in order, so that their random draws are Python's. */
  async getItems(indices: readonly number[]): Promise<[Tensor, number][]> {
    const samples = indices.map((index) => this.#sample(index));
    const images = await Promise.all(samples.map((sample) => this.#load(sample)));
    return images.map((image, i) => this.#transform(image, samples[i] as FileSample));
  }

  #sample(index: number): FileSample {
    const sample = this.samples.at(index);
    if (sample === undefined)
      throw new IndexError(`index ${index} is out of range: there are ${this.length} images in ${this.root}`);
    return sample;
  }

  #load([path]: FileSample): Promise<Tensor> {
    return (this.#options.loader ?? decodeImage)(path);
  }

  #transform(image: Tensor, [, classIndex]: FileSample): [Tensor, number] {
    const { transform, targetTransform } = this.#options;
    const transformed = transform ? scope(() => applyTransform(transform, image)) : image;
    // What another loader gave may be in use elsewhere.
    if (transformed !== image && !this.#options.loader) image.dispose();
    return [transformed, targetTransform ? targetTransform(classIndex) : classIndex];
  }
}
