import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { TorchError, ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { readPickle } from '../../serialization/pickle-file.js';
import { isTensor, type Tensor } from '../../tensor.js';
import { VisionDataset, type VisionDatasetOptions } from './vision-dataset.js';

/** The files of a data set; null as a checksum takes any. */
export interface CifarFiles {
  folder: string;
  train: readonly (readonly [name: string, md5: string | null])[];
  test: readonly (readonly [name: string, md5: string | null])[];
  meta: readonly [name: string, md5: string | null];
  /** Under which the class indices and the class names are. */
  labels: string;
  names: string;
}

/**
 * Small photos, [3, 32, 32] in uint8, from the Python version of the files, in `root/cifar-10-batches-py`
 * (torchvision.datasets.CIFAR10). Nothing is downloaded; pickles are read without executing anything.
 */
export class CIFAR10 extends VisionDataset {
  static readonly files: CifarFiles = {
    folder: 'cifar-10-batches-py',
    train: [
      ['data_batch_1', 'c99cafc152244af753f735de768cd75f'],
      ['data_batch_2', 'd4bba439e000b95fd0a9bffe97cbabec'],
      ['data_batch_3', '54ebc095f3ab1f0389bbae665268c751'],
      ['data_batch_4', '634d18415352ddfa80567beed471001a'],
      ['data_batch_5', '482c414d41f54cd18b22e5b47cb7c3cb'],
    ],
    test: [['test_batch', '40351d587109b95175f43aff81a1287e']],
    meta: ['batches.meta', '5ff9c542aee3614f3951f8cda6e48888'],
    labels: 'labels',
    names: 'label_names',
  };

  /** uint8 [N, 32, 32, 3]. */
  readonly data: Tensor;
  readonly targets: readonly number[];
  override readonly classes: readonly string[];

  /** @throws TorchError naming the file that is missing or has another checksum */
  constructor(root: string, options: VisionDatasetOptions = {}) {
    super(root, options);
    const files = (this.constructor as typeof CIFAR10).files;
    const folder = join(root, files.folder);
    for (const [name, md5] of [...files.train, ...files.test, files.meta]) checkFile(join(folder, name), md5);
    const batches = (this.train ? files.train : files.test).map(([name]) => readDict(join(folder, name)));
    this.data = scope(() => {
      const rows = aten.cat(batches.map((batch) => batch.tensor('data')));
      return rows.reshape([-1, 3, 32, 32]).permute([0, 2, 3, 1]);
    }).keep();
    this.targets = batches.flatMap((batch) => batch.list<number>(files.labels));
    this.classes = readDict(join(folder, files.meta[0])).list<string>(files.names);
  }

  override get length(): number {
    return this.targets.length;
  }

  protected override sample(index: number): [Tensor, number] {
    const image = this.data.select(0, index).contiguous().permute([2, 0, 1]);
    return [image, this.targets[index] as number];
  }
}

/** {@link CIFAR10} with a hundred classes, from `root/cifar-100-python` (torchvision.datasets.CIFAR100). */
export class CIFAR100 extends CIFAR10 {
  static override readonly files: CifarFiles = {
    folder: 'cifar-100-python',
    train: [['train', '16019d7e3df5f24257cddd939b257f8d']],
    test: [['test', 'f0ef6b0ae62326f3e7ffdfab6717acfc']],
    meta: ['meta', '7973b15100ade9c7d40fb424638fde48'],
    labels: 'fine_labels',
    names: 'fine_label_names',
  };
}

function checkFile(path: string, md5: string | null): void {
  const advice = 'Nothing is downloaded here: unpack the Python version of the data set there.';
  if (!existsSync(path))
    throw new TorchError(`Dataset not found or corrupted: there is no ${path}. ${advice}`);
  if (md5 === null) return;
  const found = createHash('md5').update(readFileSync(path)).digest('hex');
  if (found === md5) return;
  throw new TorchError(
    `Dataset not found or corrupted: ${path} has the MD5 checksum ${found} instead of ${md5}. ${advice}`,
  );
}

/** A pickled dict, whose values are asked for by kind. */
function readDict(path: string) {
  const dict = readPickle(path);
  const value = (key: string) => (dict instanceof Map ? dict.get(key) : undefined);
  const refuse = (key: string, kind: string): never => {
    throw new ValueError(`${path} has no ${kind} under '${key}': it is no file of this data set`);
  };
  return {
    tensor: (key: string): Tensor => {
      const found = value(key);
      return isTensor(found) ? found : refuse(key, 'array');
    },
    list: <T>(key: string): T[] => {
      const found = value(key);
      return Array.isArray(found) ? (found as T[]) : refuse(key, 'list');
    },
  };
}
