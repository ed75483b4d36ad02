// @ts-check
import { dirname } from 'node:path';
import { InstallError } from './install-error.mjs';
import { assertFlavor, inspectLibtorch } from './libtorch-folder.mjs';
import { activePython, askPython } from './python.mjs';

/**
 * LIBTORCH_USE_PYTORCH=1: the torch of the active Python environment. It is used or refused, never passed over.
 * @type {import('./resolve.mjs').Source}
 */
export async function fromActivePython(host, wanted) {
  if (host.env.LIBTORCH_USE_PYTORCH !== '1') return { passed: 'LIBTORCH_USE_PYTORCH is not 1' };
  const program = activePython(host);
  const python = program ? await askPython(program, host) : null;
  if (!program || !python) {
    throw new InstallError(
      'LIBTORCH_USE_PYTORCH=1, and no Python runs here (looked at VIRTUAL_ENV, CONDA_PREFIX, python3, python)',
      'activate the environment that has torch, or unset LIBTORCH_USE_PYTORCH',
    );
  }
  if (!python.torch) {
    throw new InstallError(
      `LIBTORCH_USE_PYTORCH=1, and ${program} (Python ${python.version}) has no torch`,
      `activate the environment that has torch, run '${program} -m pip install torch', or unset LIBTORCH_USE_PYTORCH`,
    );
  }
  const where = `the torch of ${program}`;
  const found = inspectLibtorch(dirname(python.torch), where);
  assertFlavor(found, wanted, where);
  return { found: { ...found, python: program } };
}
