import { CADENE_ANCHOR, fromCadene } from './cadene-keys.js';
import type { Family } from './family.js';
import { IMAGENET_299 } from './preprocessing.js';

/** `legacy_xception` of pytorch-image-models (`xception` in its older versions). */
export const timm: Family = {
  name: 'timm',
  anchor: CADENE_ANCHOR,
  rename: fromCadene,
  architecture: { stemPadding: 0 },
  preprocessing: { ...IMAGENET_299, interpolation: 'bicubic' },
};
