// torchvision.transforms.v2 and its functional, torchvision.datasets and torchvision.io, for images as tensors.
// Geometric functions take a Mask or BoundingBoxes, too, and give them back as such.
// Random numbers come from torch's default generator, in a DataLoader's worker from the worker's; none from elsewhere.

import '../tensor-python.js';

export { CIFAR10, CIFAR100, type CifarFiles } from './datasets/cifar.js';
export { EMNIST, type EMNISTSplit } from './datasets/emnist.js';
export { type FileSample, findClasses, IMG_EXTENSIONS, makeDataset } from './datasets/folder.js';
export { ImageFolder, type ImageFolderOptions } from './datasets/image-folder.js';
export { FashionMNIST, KMNIST, MNIST } from './datasets/mnist.js';
export { VisionDataset, type VisionDatasetOptions } from './datasets/vision-dataset.js';
export * from './functional/index.js';
export { type DecodeImageOptions, decodeImage } from './io/decode-image.js';
export type { ImageReadMode } from './io/image-read-mode.js';
export * from './transforms/index.js';
export {
  BoundingBoxes,
  type BoundingBoxesOptions,
  type BoundingBoxFormat,
  type ClampingMode,
} from './tv-tensors/bounding-boxes.js';
export { Mask } from './tv-tensors/mask.js';
