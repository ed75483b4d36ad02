// torch.nn.functional. What Python binds straight to an operator takes its arguments by position or by name; what
// Python writes itself takes the required ones by position and the others by name.

export * from './functional/activation.js';
export * from './functional/attention.js';
export * from './functional/convolution.js';
export * from './functional/cross-entropy.js';
export * from './functional/distance.js';
export * from './functional/dropout.js';
export * from './functional/embedding.js';
export * from './functional/grid.js';
export * from './functional/likelihood.js';
export { type LinearCrossEntropyArguments, linearCrossEntropy } from './functional/linear-cross-entropy.js';
export * from './functional/margin-loss.js';
export * from './functional/max-pooling.js';
export * from './functional/normalization.js';
export type { OutputSize } from './functional/output-size.js';
export * from './functional/padding.js';
export * from './functional/pooling.js';
export * from './functional/regression-loss.js';
export * from './functional/resampling.js';
export * from './functional/scaled-mm.js';
export * from './functional/unpooling.js';
