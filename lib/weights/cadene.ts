import { CADENE_ANCHOR, fromCadene } from './cadene-keys.js';
import type { Family } from './family.js';
import { IMAGENET_299 } from './preprocessing.js';

/** Cadene's pretrained-models.pytorch; models saved from it call the classifier `last_linear`. */
export const cadene: Family = {
  name: 'cadene',
  anchor: CADENE_ANCHOR,
  rename: fromCadene,
  architecture: { stemPadding: 0 },
  preprocessing: IMAGENET_299,
};
