import { IdxDataset } from './idx-dataset.js';
import type { VisionDatasetOptions } from './vision-dataset.js';

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const filesOf = (set: string) => ({ images: `${set}-images-idx3-ubyte`, labels: `${set}-labels-idx1-ubyte` });

/**
 * Handwritten digits, [1, 28, 28] in uint8, from the four files of `root/MNIST/raw`, packed (.gz) or not
 * (torchvision.datasets.MNIST). Nothing is downloaded.
 */
export class MNIST extends IdxDataset {
  /** @throws TorchError naming the file that is missing */
  constructor(root: string, options: VisionDatasetOptions = {}) {
    const { train = true } = options;
    const [training, testing] = [filesOf('train'), filesOf('t10k')];
    super(root, options, train ? training : testing, [training, testing]);
  }

  override get classes(): readonly string[] {
    return DIGITS.map((name, digit) => `${digit} - ${name}`);
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

/** Japanese letters, in the format of {@link MNIST}, from `root/KMNIST/raw` (torchvision.datasets.KMNIST). */
export class KMNIST extends MNIST {
  override get classes(): readonly string[] {
    return ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'];
  }
}
