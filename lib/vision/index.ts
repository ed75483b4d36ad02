import '../tensor-python.js';

export { CIFAR10, CIFAR100, type CifarFiles } from './datasets/cifar.js';
export { type FileSample, findClasses, IMG_EXTENSIONS, makeDataset } from './datasets/folder.js';
export { ImageFolder, type ImageFolderOptions } from './datasets/image-folder.js';
export { FashionMNIST, MNIST } from './datasets/mnist.js';
export { VisionDataset, type VisionDatasetOptions } from './datasets/vision-dataset.js';
export * from './functional/index.js';
export { type DecodeImageOptions, decodeImage } from './io/decode-image.js';
export type { ImageReadMode } from './io/image-read-mode.js';
export * from './transforms/index.js';
