import '../tensor-python.js';

export { parity } from './parity.js';
export type { ParityOptions } from './plan.js';
export { defaultPython } from './python.js';
export type { LayerDifference, ParityReport, Reason } from './report.js';
