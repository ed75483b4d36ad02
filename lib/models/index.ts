import '../tensor-python.js';

export { Xception, type XceptionOptions } from './xception.js';
export {
  type BatchNormSettings,
  type BlockOptions,
  PoolEntryBlock,
  PoolExitBlock,
  PoolMiddleBlock,
  type PoolPadding,
  ResidualConnection,
  SeparableConv2d,
  type SeparableConvOptions,
} from './xception-blocks.js';
