import '../tensor-python.js';

export { OrderedDict } from '../ordered-dict.js';
export { Tuple } from '../tuple.js';
export {
  BadPickleError,
  BadTensorError,
  CheckpointError,
  CorruptArchiveError,
  ForbiddenGlobalError,
  NotACheckpointError,
  TruncatedCheckpointError,
  UnsupportedCheckpointError,
} from './errors.js';
export { type FileSummary, inspect, type TensorSummary } from './inspect/index.js';
export { type LoadOptions, load } from './load.js';
export { ByteArray, Counter } from './python-values.js';
export { save } from './save.js';
