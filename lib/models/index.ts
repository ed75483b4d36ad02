import '../tensor-python.js';

export { Xception, type XceptionOptions } from './xception.js';
export {
  type BatchNormSettings,
  PoolEntryBlock,
  PoolExitBlock,
  PoolMiddleBlock,
  ResidualConnection,
  SeparableConv2d,
  type SeparableConvOptions,
} from './xception-blocks.js';
