// torch.nn.utils.

export * from './clip-grad.js';
export * from './convert-parameters.js';
export * from './fusion.js';
export * from './memory-format.js';
export * as rnn from './packed-sequence.js';
export * as parametrizations from './parametrizations.js';
export * as parametrize from './parametrize.js';
export * as prune from './prune.js';
export * from './skip-init.js';
export { removeSpectralNorm, spectralNorm } from './spectral-norm.js';
export * as stateless from './stateless.js';
export { removeWeightNorm, weightNorm } from './weight-norm.js';
