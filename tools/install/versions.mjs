// @ts-check
import { InstallError } from './install-error.mjs';

/** The libtorch that is fetched where nothing else is asked for, and that the tests compare with. */
export const pinnedVersion = '2.13.0';

const oldest = { major: 2, minor: 11 };
const newest = { major: 2, minor: 14 };

/**
 * @param {string} text a version as PyTorch writes it: 2.13.0, 2.13.0+cpu, 2.14.0a0+git1234567
 * @returns {{ release: string, major: number, minor: number, local: string } | null}
 */
export function parseVersion(text) {
  const match = /^((\d+)\.(\d+)\.\d+)([^+\s]*)(?:\+(\S+))?$/.exec(text.trim());
  if (!match) return null;
  return { release: match[1] ?? '', major: Number(match[2]), minor: Number(match[3]), local: match[5] ?? '' };
}

/**
 * @param {string} text
 * @param {string} where what carries this version, for the message
 * @throws {InstallError} for a version outside 2.11 .. 2.14
 */
export function assertAccepted(text, where) {
  const version = parseVersion(text);
  const order = version ? version.major * 1000 + version.minor : -1;
  const range = `${oldest.major}.${oldest.minor} to ${newest.major}.${newest.minor}`;
  if (order < oldest.major * 1000 + oldest.minor || order > newest.major * 1000 + newest.minor) {
    throw new InstallError(
      `${where} is libtorch ${text}, and libtorch-node works with ${range}`,
      `give a libtorch from ${range}, or unset what chose this one and ${pinnedVersion} is fetched`,
    );
  }
}
