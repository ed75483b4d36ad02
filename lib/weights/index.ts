import '../tensor-python.js';

export type { Carried } from './carried.js';
export {
  type ConversionReport,
  type ConvertOptions,
  convertXception,
  type XceptionWeights,
} from './convert.js';
export type { Architecture, FamilyName } from './family.js';
export { loadXception, xceptionWith } from './load.js';
export { type Preprocessing, preprocess } from './preprocessing.js';
export { requireWeightsName, saveXception } from './save.js';
export type { WeightsFileOptions } from './weights-file.js';
