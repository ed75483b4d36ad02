// @ts-check
import { InstallError } from './install-error.mjs';
import { lastLines } from './process.mjs';

/** The compiler's and CMake's failures, the most telling first: pattern, what is wrong, what to do. */
const causes = /** @type {const} */ ([
  [
    /No space left on device|Disk quota exceeded/i,
    'the disk is full',
    'free some space where this package is',
  ],
  [
    /Killed signal|internal compiler error: Killed|out of memory|Cannot allocate memory/i,
    'the compiler ran out of memory',
    'set CMAKE_BUILD_PARALLEL_LEVEL=1 (one compiler needs about 1.5 GB) and run the same command again',
  ],
  [
    /Permission denied|Read-only file system/i,
    'this package may not be written to',
    'install it where you may write, or make its build folder writable',
  ],
  [
    /unrecognized (command[- ]line )?option .*-std|does not support C\+\+20|dialect "CXX20"|requires.*C\+\+20/i,
    'the C++ compiler is too old: libtorch is C++20',
    'install g++ 11 or clang 14 or later; CXX names the one to use',
  ],
  [/CMake [\d.]+ or higher is required/, 'CMake is too old', 'install CMake 3.18 or later'],
  [
    /compiler identification is unknown|is not able to compile a simple test program/i,
    'the C++ compiler does not work',
    'try it on a small program; on Debian apt-get install g++ gives one that works',
  ],
]);

/**
 * Says in one sentence why the addon was not built.
 * @param {string} output all that CMake and the compiler wrote
 * @returns {InstallError}
 */
export function explainBuild(output) {
  for (const [pattern, message, fix] of causes) {
    if (pattern.test(output)) return new InstallError(`building the addon failed: ${message}`, fix);
  }
  const errors = output
    .split('\n')
    .filter((line) => /error:|fatal error|CMake Error|undefined reference/.test(line));
  const shown = errors.length > 0 ? errors.slice(0, 12).join('\n') : lastLines(output, 20);
  return new InstallError(
    `building the addon failed:\n${shown}`,
    'run `npx libtorch-node doctor` and send what it prints with the lines above',
  );
}

/**
 * Says in one sentence why the built addon does not load.
 * @param {string} output what Node wrote
 * @param {string} libtorch
 * @returns {InstallError}
 */
export function explainLoading(output, libtorch) {
  const missing = /(lib[\w.+-]+\.so[\w.]*): cannot open shared object file/.exec(output)?.[1];
  if (missing) {
    const nvidia =
      /cuda|cudnn|cublas|cufft|cusparse|cusolver|curand|nccl|nvrtc|cupti|nvJit|nvshmem|cufile/i.test(missing);
    return new InstallError(
      `the addon does not load: ${missing} is missing`,
      nvidia
        ? "install NVIDIA's CUDA libraries, or set LIBTORCH_FLAVOR=cpu and run `npx libtorch-node install`"
        : `the libtorch in ${libtorch} is not complete: take another one`,
    );
  }
  return new InstallError(
    `the addon was built and does not load:\n${lastLines(output, 8)}`,
    `it was built against ${libtorch}: remove the build folder and run \`npx libtorch-node install\` again`,
  );
}
