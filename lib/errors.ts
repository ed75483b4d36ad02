import { blamedArgument, textKind } from './error-kinds.js';
import { pythonTypeNames } from './python-type-names.js';
import { atUserLine } from './user-stack.js';

/** What libtorch refuses (Python's RuntimeError). */
export class TorchError extends Error {
  override name = 'TorchError';
  /** The operator that refused, under PyTorch's name; not enumerable, like the other two. */
  declare readonly op?: string;
  /** The argument to blame, where that is known. */
  declare readonly argument?: string;
  /** libtorch's text with its C++ trace, where `setCppTraces(true)` asked for it. */
  declare readonly cppTrace?: string;
}

/** Sizes or numbers of dimensions that do not go together (a RuntimeError in Python). */
export class ShapeError extends TorchError {
  override name = 'ShapeError';
}

/** Element types that do not go together, or that an operator does not take (a RuntimeError in Python). */
export class DtypeError extends TorchError {
  override name = 'DtypeError';
}

/** A device that is missing, or tensors on different ones (RuntimeError, or AssertionError, in Python). */
export class DeviceError extends TorchError {
  override name = 'DeviceError';
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

const classes = {
  TypeError,
  TorchError,
  ShapeError,
  DtypeError,
  DeviceError,
  IndexError,
  ValueError,
  NotImplementedError,
  OutOfMemoryError,
  LinAlgError,
};

/**
 * Makes what native code throws. `kind` is what the C++ exception's class says; where that is only "an error", its text
 * tells more.
 */
export function makeError(
  kind: keyof typeof classes,
  text: string,
  cppTrace: string,
  op: string,
  argument: string,
): Error {
  const message = pythonTypeNames(text);
  const name = kind === 'TorchError' ? (textKind(message) ?? kind) : kind;
  const error = atUserLine(() => new classes[name](message));
  const facts = { op, argument: argument || blamedArgument(message), cppTrace };
  for (const [key, value] of Object.entries(facts)) if (value) Object.defineProperty(error, key, { value });
  return error;
}
