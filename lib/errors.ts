import { pythonTypeNames } from './python-type-names.js';

/** What libtorch refuses (Python's RuntimeError). */
export class TorchError extends Error {
  override name = 'TorchError';
  /** libtorch's own text with its C++ trace; not enumerable, so that printing the error stays short. */
  declare readonly cppTrace?: string;
}

/** An index or dimension out of range (Python's IndexError). */
export class IndexError extends TorchError {
  override name = 'IndexError';
}

/** A value of the right type that cannot be used (Python's ValueError). */
export class ValueError extends TorchError {
  override name = 'ValueError';
}

/** An operator that has no kernel for this device, dtype or layout (Python's NotImplementedError). */
export class NotImplementedError extends TorchError {
  override name = 'NotImplementedError';
}

/** No memory on the device, after garbage was collected and the allocation tried again. */
export class OutOfMemoryError extends TorchError {
  override name = 'OutOfMemoryError';
}

/** A decomposition that does not exist (Python's torch.linalg.LinAlgError). */
export class LinAlgError extends TorchError {
  override name = 'LinAlgError';
}

const classes = { TorchError, IndexError, ValueError, NotImplementedError, OutOfMemoryError, LinAlgError };

/** Makes what native code throws; the stack begins at the caller's line. */
export function makeError(kind: string, text: string, cppTrace: string): Error {
  const message = pythonTypeNames(text);
  if (kind === 'TypeError') return new TypeError(message);
  const error = new classes[kind as keyof typeof classes](message);
  return Object.defineProperty(error, 'cppTrace', { value: cppTrace });
}
