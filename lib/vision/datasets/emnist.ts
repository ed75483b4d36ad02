import { ValueError } from '../../errors.js';
import { IdxDataset } from './idx-dataset.js';
import type { VisionDatasetOptions } from './vision-dataset.js';

const DIGITS = [...'0123456789'];
const LOWER = [...'abcdefghijklmnopqrstuvwxyz'];
const UPPER = LOWER.map((letter) => letter.toUpperCase());
// These look like their capitals.
const MERGED = 'cijklmopsuvwxyz';
const BY_MERGE = [...DIGITS, ...UPPER, ...LOWER.filter((letter) => !MERGED.includes(letter))];

const SPLITS = {
  byclass: [...DIGITS, ...UPPER, ...LOWER],
  bymerge: BY_MERGE,
  balanced: BY_MERGE,
  letters: ['N/A', ...LOWER],
  digits: DIGITS,
  mnist: DIGITS,
};

/** How the letters and digits of EMNIST are divided into classes. */
export type EMNISTSplit = keyof typeof SPLITS;

/**
 * Handwritten letters and digits, [1, 28, 28] in uint8 and lying on their sides as in the files, from
 * `root/EMNIST/raw/emnist-SPLIT-*`, packed (.gz) or not (torchvision.datasets.EMNIST). Nothing is downloaded.
 */
export class EMNIST extends IdxDataset {
  readonly split: EMNISTSplit;

  /**
   * @throws TorchError naming the file that is missing
   * @throws ValueError on an unknown split
   */
  constructor(root: string, split: EMNISTSplit, options: VisionDatasetOptions = {}) {
    if (!Object.hasOwn(SPLITS, split)) {
      const valid = Object.keys(SPLITS).join(', ');
      throw new ValueError(`Unknown value '${split}' for argument split. Valid values are {${valid}}.`);
    }
    const prefix = `emnist-${split}-${(options.train ?? true) ? 'train' : 'test'}`;
    const files = { images: `${prefix}-images-idx3-ubyte`, labels: `${prefix}-labels-idx1-ubyte` };
    super(root, options, files, [files]);
    this.split = split;
  }

  override get classes(): readonly string[] {
    return SPLITS[this.split];
  }
}
