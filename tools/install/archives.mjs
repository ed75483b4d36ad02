// @ts-check
import { InstallError } from './install-error.mjs';

const origin = 'https://download.pytorch.org/libtorch/';

/** The official archives for Linux on x64, which is all that PyTorch publishes of them. */
const published = /** @type {Record<string, { path: string, sha256: string }>} */ ({
  '2.13.0-cpu': {
    path: 'cpu/libtorch-shared-with-deps-2.13.0%2Bcpu.zip',
    sha256: 'edbf4cbed78433d803e90a65f1752e57783d164bce66c95c0872b2ab8f5c159e',
  },
  '2.13.0-cuda': {
    path: 'cu130/libtorch-shared-with-deps-2.13.0%2Bcu130.zip',
    sha256: '945c5a3d946a28b387ad9dc9fddda7ba03e35fae1375b84ebff15df789436f82',
  },
});

/**
 * Where the official archive lies and what it must hash to; LIBTORCH_ARCHIVE_URL names a mirror or another
 * archive, LIBTORCH_ARCHIVE_SHA256 its checksum.
 * @param {import('./host.mjs').Host} host
 * @param {import('./wanted.mjs').Wanted} wanted
 * @returns {{ url: string, sha256: string } | null} null where there is none for this machine
 */
export function archiveFor(host, wanted) {
  const known = process.arch === 'x64' ? published[`${wanted.version}-${wanted.flavor}`] : undefined;
  const url = host.env.LIBTORCH_ARCHIVE_URL || (known && origin + known.path);
  const sha256 = host.env.LIBTORCH_ARCHIVE_SHA256?.toLowerCase() || known?.sha256;
  if (!url) return null;
  if (!sha256) {
    throw new InstallError(
      `no checksum is known for ${url}`,
      'set LIBTORCH_ARCHIVE_SHA256 to the checksum that its publisher gives',
    );
  }
  return { url, sha256 };
}
