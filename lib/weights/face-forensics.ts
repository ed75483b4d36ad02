import { CADENE_ANCHOR, fromCadene } from './cadene-keys.js';
import type { Family } from './family.js';
import { IMAGENET_299 } from './preprocessing.js';

/** FaceForensics++: Cadene's network under `model.`, fed with faces that are cut out before. */
export const faceForensics: Family = {
  name: 'faceforensics',
  anchor: CADENE_ANCHOR,
  rename: fromCadene,
  architecture: { stemPadding: 0 },
  preprocessing: { ...IMAGENET_299, cropMode: 'squash', cropPct: 1 },
};
