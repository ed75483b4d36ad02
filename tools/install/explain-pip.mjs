// @ts-check
import { InstallError } from './install-error.mjs';
import { lastLines } from './process.mjs';

const unreachable =
  /Name or service not known|name resolution|NewConnectionError|ConnectTimeout|unreachable|ProxyError/i;

/** pip's failures, the most telling first: pattern, what is wrong, what to do. */
const causes = /** @type {const} */ ([
  [
    /No space left on device|Errno 28|Disk quota exceeded/i,
    'the disk is full',
    'free some space, or set XDG_CACHE_HOME (and TMPDIR) to a folder on another disk',
  ],
  [
    /CERTIFICATE_VERIFY_FAILED|SSLError/,
    "the package index's certificate is not trusted",
    'set PIP_CERT to the certificate bundle of your network',
  ],
  [
    /Read timed out|ReadTimeout|IncompleteRead|Connection reset|ConnectionResetError|Connection aborted/i,
    'the connection broke off',
    'run the same command again; PIP_RETRIES=5 makes pip try longer',
  ],
  [/MemoryError|Killed/, 'pip ran out of memory', 'set PIP_NO_CACHE_DIR=1 and run the same command again'],
  [
    /Permission denied|Errno 13/,
    'pip may not write to its folder',
    'make XDG_CACHE_HOME and TMPDIR writable',
  ],
]);

/** @param {string} output @returns {boolean} whether pip looked and found no such release */
export function hasNoSuchRelease(output) {
  return /No matching distribution found for torch|Could not find a version that satisfies the requirement torch/.test(
    output,
  );
}

/**
 * Says in one sentence why pip did not install torch.
 * @param {string} output all that pip wrote
 * @param {string} what the requirement, torch==2.13.0
 * @param {import('./python.mjs').Python} python
 * @returns {InstallError}
 */
export function explainPip(output, what, python) {
  const offline = unreachable.test(output);
  for (const [pattern, message, fix] of causes) {
    if (pattern.test(output)) return new InstallError(`installing ${what}: ${message}`, fix);
  }
  if (offline) {
    return new InstallError(
      `installing ${what}: no network (pip reaches no package index, and has no copy here)`,
      'connect, or set LIBTORCH to a libtorch you have, or configure pip for a local index (PIP_FIND_LINKS)',
    );
  }
  if (hasNoSuchRelease(output)) {
    return new InstallError(
      `installing ${what}: there is no such release for Python ${python.version} on ${process.arch}`,
      'set PYTHON to a Python from 3.10 to 3.14, or LIBTORCH to a libtorch you have',
    );
  }
  return new InstallError(
    `installing ${what}: pip failed, and wrote last:\n${lastLines(output, 12)}`,
    "put that right, or set LIBTORCH to a libtorch you have, or LIBTORCH_USE_PYTORCH=1 for your Python's own",
  );
}
