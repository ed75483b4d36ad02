import '../tensor-python.js';

export { Xception, type XceptionOptions } from './xception.js';
export {
  type BatchNormSettings,
  PoolEntryBlock,
  PoolExitBlock,
  PoolMiddleBlock,
  ResidualConnection,
  SeparableConv2d,
} from './xception-blocks.js';
