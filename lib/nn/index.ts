import '../tensor-python.js';
import './module-casts.js';

export type { RemovableHandle } from '../removable-handle.js';
export * from './activation.js';
export { AdaptiveLogSoftmaxWithLoss, type AdaptiveSoftmaxOptions } from './adaptive.js';
export * from './adaptive-pooling.js';
export * as attention from './attention.js';
export {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  type BatchNormOptions,
  SyncBatchNorm,
} from './batchnorm.js';
export * from './channelshuffle.js';
export { type Layer, ModuleList, Sequential } from './container.js';
export {
  Conv1d,
  Conv2d,
  type Conv2dOptions,
  Conv3d,
  type ConvOptions,
  type ConvPaddingMode,
} from './conv.js';
export * from './conv-transpose.js';
export { CrossMapLRN2d } from './cross-map-lrn.js';
export { deepcopy } from './deepcopy.js';
export * from './distance.js';
export * from './dropout.js';
export type { FactoryOptions } from './factory-options.js';
export * from './flatten.js';
export * from './fold.js';
export { type ChunkOptions, LinearCrossEntropyOptions } from './functional/linear-cross-entropy-options.js';
export * as functional from './functional.js';
export * as init from './init.js';
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, type InstanceNormOptions } from './instancenorm.js';
export * from './lazy-conv.js';
export * from './lazy-linear.js';
export * from './lazy-norm.js';
export { Bilinear, Identity, Linear, type LinearOptions } from './linear.js';
export { LinearCrossEntropyLoss, type LinearCrossEntropyLossOptions } from './linear-cross-entropy-loss.js';
export type { IncompatibleKeys, StateDictLoad } from './load-state-dict.js';
export {
  BCELoss,
  BCEWithLogitsLoss,
  CrossEntropyLoss,
  CTCLoss,
  GaussianNLLLoss,
  KLDivLoss,
  type LossOptions,
  NLLLoss,
  NLLLoss2d,
  PoissonNLLLoss,
  type WeightedLossOptions,
} from './loss.js';
export { LSTM, type LSTMOptions, type LSTMState } from './lstm.js';
export * from './margin-loss.js';
export { Module, type StateDict } from './module.js';
export { ModuleDict, type NamedModules } from './module-dict.js';
export type { ModuleTo, ModuleToTarget } from './module-to.js';
export type { Named, NamedOptions } from './module-tree.js';
export {
  type AttentionOptions,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from './multihead-attention.js';
export * from './normalization.js';
export * from './padding.js';
export type { Pair } from './pair.js';
export { isParameter, Parameter } from './parameter.js';
export { ParameterDict, ParameterList } from './parameter-containers.js';
export * from './pixelshuffle.js';
export * from './pooling.js';
export * from './rectifier.js';
export type { Reduction } from './reduction.js';
export * from './regression-loss.js';
export { GRU, RNN, type RNNOptions } from './rnn.js';
export { type RecurrentOptions, RNNBase } from './rnn-base.js';
export {
  type CellOptions,
  GRUCell,
  LSTMCell,
  RNNCell,
  RNNCellBase,
  type RNNCellOptions,
} from './rnn-cell.js';
export * from './softmax.js';
export * from './sparse.js';
export { Summary, type SummaryOptions, type SummaryRow, summary } from './summary.js';
export * as utils from './toolbox.js';
export * from './transformer.js';
export {
  type Activation,
  type DecoderMasks,
  type EncoderLayerMasks,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from './transformer-layer.js';
export * from './uninitialized.js';
export * from './upsampling.js';
