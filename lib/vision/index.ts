import '../tensor-python.js';

export { type FileSample, findClasses, IMG_EXTENSIONS, makeDataset } from './datasets/folder.js';
export { ImageFolder, type ImageFolderOptions } from './datasets/image-folder.js';
export * from './functional/index.js';
export { type DecodeImageOptions, decodeImage } from './io/decode-image.js';
export type { ImageReadMode } from './io/image-read-mode.js';
export * from './transforms/index.js';
