// @ts-check
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { archiveFor } from './archives.mjs';
import { fillEntry } from './cache-entry.mjs';
import { findCmake } from './compiler.mjs';
import { download } from './download.mjs';
import { InstallError } from './install-error.mjs';
import { lastLines, run } from './process.mjs';
import { withPulse } from './pulse.mjs';

/** Archive and unpacked folder together, measured for 2.13.0. */
const bytesNeeded = { cpu: 0.7e9, cuda: 1.6e9 };

/**
 * The official libtorch archive, for machines without Python.
 * @type {import('./resolve.mjs').Source}
 */
export async function fromArchive(host, wanted) {
  const archive = archiveFor(host, wanted);
  if (!archive)
    return { passed: `PyTorch publishes no ${wanted.version} archive for Linux on ${process.arch}` };
  const cmake = await findCmake(host);
  const file = join(host.cacheDir, 'downloads', `libtorch-${archive.sha256.slice(0, 12)}.zip`);
  const found = await fillEntry(host, wanted, bytesNeeded[wanted.flavor], async (folder) => {
    host.say(`  downloading ${archive.url}`);
    await download(archive, file, host.say);
    mkdirSync(folder, { recursive: true });
    // CMake is needed for the build anyhow, and unpacks zip files where no unzip is installed.
    const unpacked = await withPulse(host.say, 'unpacking', () =>
      run(cmake.program, ['-E', 'tar', 'xf', file], { env: host.env, cwd: folder }),
    );
    if (unpacked.code !== 0) throw explainUnpacking(unpacked.output, archive.url);
    rmSync(file);
    return { torch: join(folder, 'libtorch'), python: null };
  });
  return { found };
}

/** @param {string} output @param {string} url */
function explainUnpacking(output, url) {
  const full = /No space left|Disk quota/i.test(output);
  return new InstallError(
    full
      ? 'the disk is full: unpacking libtorch failed'
      : `unpacking ${url} failed:\n${lastLines(output, 4)}`,
    full
      ? 'free some space, or set XDG_CACHE_HOME to a folder on another disk'
      : 'run the same command again',
  );
}
