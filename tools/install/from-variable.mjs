// @ts-check
import { assertFlavor, inspectLibtorch } from './libtorch-folder.mjs';

/**
 * LIBTORCH: the folder that the user names. It is used or refused, never passed over.
 * @type {import('./resolve.mjs').Source}
 */
export async function fromVariable(host, wanted) {
  const folder = host.env.LIBTORCH;
  if (!folder) return { passed: 'not set' };
  const found = inspectLibtorch(folder, `LIBTORCH=${folder}`);
  assertFlavor(found, wanted, `LIBTORCH=${folder}`);
  return { found };
}
