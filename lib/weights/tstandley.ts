import { CADENE_ANCHOR, fromCadene } from './cadene-keys.js';
import type { Family } from './family.js';
import { IMAGENET_299 } from './preprocessing.js';

/** tstandley's Xception-PyTorch, the port that the others come from. */
export const tstandley: Family = {
  name: 'tstandley',
  anchor: CADENE_ANCHOR,
  rename: fromCadene,
  architecture: { stemPadding: 0 },
  preprocessing: IMAGENET_299,
};
