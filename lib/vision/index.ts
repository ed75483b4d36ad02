import '../tensor-python.js';

export { centerCrop } from './center-crop.js';
export { decodeImage } from './decode-image.js';
export { type FileSample, findClasses, IMG_EXTENSIONS, makeDataset } from './folder.js';
export { ImageFolder, type ImageFolderOptions } from './image-folder.js';
export { normalize } from './normalize.js';
export { type Interpolation, type ResizeOptions, resize } from './resize.js';
export type { ResizeSize } from './resized-size.js';
export { toDtype } from './to-dtype.js';
