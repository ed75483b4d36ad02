import '../tensor-python.js';

export { type FileSample, findClasses, IMG_EXTENSIONS, makeDataset } from './datasets/folder.js';
export { ImageFolder, type ImageFolderOptions } from './datasets/image-folder.js';
export * from './functional/index.js';
export { decodeImage } from './io/decode-image.js';
export * from './transforms/index.js';
