// @ts-check

/** What stops an installation: one sentence that says what is wrong, one that says what to do about it. */
export class InstallError extends Error {
  /**
   * @param {string} message
   * @param {string} fix
   */
  constructor(message, fix) {
    super(message);
    this.name = 'InstallError';
    this.fix = fix;
  }
}

/** @param {unknown} error what `fs` and `spawn` throw; @returns {string | undefined} its errno name */
export function errorCode(error) {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Turns what writing a file or folder throws into words.
 * @param {unknown} error
 * @param {string} where the file or folder that was being written
 * @param {string} otherPlace the sentence that says how to choose another place
 * @returns {unknown} an InstallError where the cause is known, else the error itself
 */
export function explainWriteError(error, where, otherPlace) {
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new InstallError(
        `the disk is full: writing ${where} failed`,
        `free some space, or ${otherPlace}`,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new InstallError(`no permission to write ${where}`, `make it writable, or ${otherPlace}`);
    default:
      return error;
  }
}
