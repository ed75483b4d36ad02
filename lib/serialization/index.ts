import '../tensor-python.js';

export { OrderedDict } from '../ordered-dict.js';
export { Tuple } from '../tuple.js';
export { attributesOf } from './attributes.js';
export {
  BadPickleError,
  BadTensorError,
  CheckpointError,
  CorruptArchiveError,
  ForbiddenGlobalError,
  LimitExceededError,
  NotACheckpointError,
  TruncatedCheckpointError,
  UnsupportedCheckpointError,
} from './errors.js';
export { type FileSummary, inspect, type TensorSummary } from './inspect/index.js';
export { type LoadOptions, load } from './load.js';
export type { MapLocation } from './map-location.js';
export { ByteArray, Counter, DefaultDict, FrozenSet, Size } from './python-values.js';
export { QScheme } from './qscheme.js';
export { save } from './save.js';
export { Storage } from './storage.js';
export { UnknownGlobal, UnknownObject } from './unknown.js';
