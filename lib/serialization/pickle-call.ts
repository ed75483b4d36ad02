import { OutOfMemoryError, TorchError } from '../errors.js';
import { Tuple } from '../tuple.js';
import { BadTensorError, CheckpointError, ForbiddenGlobalError, LimitExceededError } from './errors.js';
import type { CopyBudget } from './limits.js';
import { Failure, type Failures } from './pickle-failures.js';
import { StorageType } from './storage-types.js';
import { UnknownGlobal, UnknownObject } from './unknown.js';

/** No function of the list takes as many. */
const MOST_ARGUMENTS = 16;

/** Calls what REDUCE and NEWOBJ ask for: a function of the list, or a record of one that is not on it. */
export class PickleCalls {
  readonly #failures: Failures;
  readonly #budget: CopyBudget;

  constructor(failures: Failures, budget: CopyBudget) {
    this.#failures = failures;
    this.#budget = budget;
  }

  /** What the call answers with; a Failure where its arguments are no tensor. Throws TypeError on what is no call. */
  call(callee: unknown, args: unknown): unknown {
    const failure = this.#failures.of(callee) ?? this.#failures.of(args);
    // Where it is among the arguments is not where it is in the value.
    if (failure !== undefined) return new Failure(failure.error);
    if (!(args instanceof Tuple)) throw new TypeError('it is not a tuple of arguments');
    if (callee instanceof UnknownGlobal) return new UnknownObject(callee.name, args);
    if (callee instanceof StorageType) throw new ForbiddenGlobalError('a storage class as a function');
    if (typeof callee !== 'function') throw new TypeError('it is not a function that is called');
    if (args.length > MOST_ARGUMENTS) throw new TypeError(`it is called with ${args.length} arguments`);
    this.#budget.spend(args);
    return this.attempt(() => callee(...args));
  }

  /** Runs what makes or completes a value of the file. */
  attempt<T>(make: () => T): T | Failure {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof TorchError) || isFinal(error)) throw error;
      // What libtorch refuses is a tensor that cannot be.
      return this.#failures.add(
        error instanceof CheckpointError ? error : new BadTensorError(error.message, { cause: error }),
      );
    }
  }
}

/** Nothing would be gained by looking where the value belongs. */
function isFinal(error: TorchError): boolean {
  return (
    error instanceof ForbiddenGlobalError ||
    error instanceof LimitExceededError ||
    error instanceof OutOfMemoryError
  );
}
