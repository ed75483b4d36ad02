import { type AugmentationSpace, bitsFrom, thresholds, upTo, upToPart } from './augmentation-space.js';

const GEOMETRY: AugmentationSpace = [
  ['ShearX', upTo(0.3)],
  ['ShearY', upTo(0.3)],
  ['TranslateX', upToPart((_, width) => (150 / 331) * width)],
  ['TranslateY', upToPart((height) => (150 / 331) * height)],
  ['Rotate', upTo(30)],
];

const COLOR = (most: number): AugmentationSpace => [
  ['Brightness', upTo(most)],
  ['Color', upTo(most)],
  ['Contrast', upTo(most)],
  ['Sharpness', upTo(most)],
];

const TONES = (most: number, range: number): AugmentationSpace => [
  ['Posterize', bitsFrom(most, range)],
  ['Solarize', thresholds],
  ['AutoContrast', null],
  ['Equalize', null],
];

/** Of RandAugment, and with Invert of AutoAugment. */
export const RAND_AUGMENT: AugmentationSpace = [
  ['Identity', null],
  ...GEOMETRY,
  ...COLOR(0.9),
  ...TONES(8, 4),
];

export const TRIVIAL_AUGMENT: AugmentationSpace = [
  ['Identity', null],
  ['ShearX', upTo(0.99)],
  ['ShearY', upTo(0.99)],
  ['TranslateX', upTo(32)],
  ['TranslateY', upTo(32)],
  ['Rotate', upTo(135)],
  ...COLOR(0.99),
  ...TONES(8, 6),
];

export const AUG_MIX_PARTIAL: AugmentationSpace = [
  ['ShearX', upTo(0.3)],
  ['ShearY', upTo(0.3)],
  ['TranslateX', upToPart((_, width) => width / 3)],
  ['TranslateY', upToPart((height) => height / 3)],
  ['Rotate', upTo(30)],
  ...TONES(4, 4),
];

export const AUG_MIX: AugmentationSpace = [...AUG_MIX_PARTIAL, ...COLOR(0.9)];
