// @ts-check
import { existsSync } from 'node:fs';
import { InstallError } from './install-error.mjs';
import { findProgram } from './process.mjs';
import { assertAccepted, parseVersion, pinnedVersion } from './versions.mjs';

/** @typedef {'cpu' | 'cuda'} Flavor */
/** @typedef {{ version: string, flavor: Flavor, flavorIsAsked: boolean, why: string }} Wanted */

const driverFile = '/proc/driver/nvidia/version';

/**
 * Whether an NVIDIA driver is here, and how that was seen.
 * @param {import('./host.mjs').Host} host
 */
export function nvidiaDriver(host) {
  if (existsSync(driverFile)) return { found: true, why: `${driverFile} is there` };
  const program = findProgram('nvidia-smi', host.env);
  if (program) return { found: true, why: `${program} is there` };
  return { found: false, why: 'this machine has no NVIDIA driver' };
}

/**
 * What libtorch to get: LIBTORCH_VERSION and LIBTORCH_FLAVOR, else the pinned version as the machine needs it.
 * @param {import('./host.mjs').Host} host
 * @returns {Wanted}
 */
export function whatIsWanted(host) {
  const asked = host.env.LIBTORCH_VERSION;
  if (asked) assertAccepted(asked, `LIBTORCH_VERSION=${asked}`);
  const version = (asked && parseVersion(asked)?.release) || pinnedVersion;
  const flavor = host.env.LIBTORCH_FLAVOR;
  if (flavor === 'cpu' || flavor === 'cuda') {
    return { version, flavor, flavorIsAsked: true, why: `LIBTORCH_FLAVOR=${flavor}` };
  }
  if (flavor) {
    throw new InstallError(
      `LIBTORCH_FLAVOR='${flavor}' is neither cpu nor cuda`,
      'set it to one of the two, or unset it and it follows the machine',
    );
  }
  const driver = nvidiaDriver(host);
  return { version, flavor: driver.found ? 'cuda' : 'cpu', flavorIsAsked: false, why: driver.why };
}
