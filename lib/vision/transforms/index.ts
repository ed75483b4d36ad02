export { AugMix, type AugMixOptions } from './aug-mix.js';
export { AutoAugment } from './auto-augment.js';
export type { AutoAugmentPolicy } from './auto-augment-policies.js';
export { ClampBoundingBoxes, ConvertBoundingBoxFormat } from './boxes.js';
export {
  Grayscale,
  RandomAdjustSharpness,
  RandomAutocontrast,
  RandomChannelPermutation,
  RandomEqualize,
  RandomGrayscale,
  RandomInvert,
  RandomPosterize,
  RandomSolarize,
  RGB,
} from './color.js';
export {
  ColorJitter,
  type ColorJitterOptions,
  type Jitter,
  RandomPhotometricDistort,
  type RandomPhotometricDistortOptions,
} from './color-jitter.js';
export { Compose, RandomApply, RandomChoice, RandomOrder } from './container.js';
export { ConvertImageDtype, Normalize, ToDtype } from './conversion.js';
export {
  ElasticTransform,
  type ElasticTransformOptions,
  RandomPerspective,
  type RandomPerspectiveOptions,
} from './distortion.js';
export type { ByKind, FillByKind } from './fill-by-kind.js';
export { GaussianBlur, GaussianNoise } from './gaussian.js';
export {
  CenterCrop,
  FiveCrop,
  Pad,
  RandomHorizontalFlip,
  RandomVerticalFlip,
  Resize,
  TenCrop,
} from './geometry.js';
export { Identity, Lambda } from './identity.js';
export { JPEG } from './jpeg.js';
export { LinearTransformation } from './linear-transformation.js';
export { CutMix, type MixOptions, MixUp } from './mix.js';
export { RandAugment, type RandAugmentOptions, TrivialAugmentWide } from './rand-augment.js';
export { RandomAffine, type RandomAffineOptions, RandomRotation } from './random-affine.js';
export type { Range } from './random-area.js';
export { RandomCrop, type RandomCropOptions } from './random-crop.js';
export { RandomErasing, type RandomErasingOptions } from './random-erasing.js';
export {
  RandomResize,
  RandomShortestSize,
  RandomZoomOut,
  type RandomZoomOutOptions,
  ScaleJitter,
} from './random-resize.js';
export { RandomResizedCrop, type RandomResizedCropOptions } from './random-resized-crop.js';
export { ToImage, ToPureTensor } from './to-image.js';
export { applyTransform, type ImageTransform, Transform } from './transform.js';
export { UniformTemporalSubsample } from './uniform-temporal-subsample.js';
