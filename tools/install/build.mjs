// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import {
  addonFile,
  addonStamp,
  hashSources,
  packageJson,
  readRecord,
  removeRecord,
  writeRecord,
} from './build-record.mjs';
import { findCmake, findCompiler, findGenerator } from './compiler.mjs';
import { explainBuild, explainLoading } from './explain-build.mjs';
import { explainWriteError } from './install-error.mjs';
import { withLock } from './lock.mjs';
import { run } from './process.mjs';

/** @typedef {Awaited<ReturnType<typeof import('./resolve.mjs').resolveLibtorch>>} Resolved */

/**
 * Compiles native/ against `libtorch` with CMake, only what changed, and records it. Safe to run twice at once.
 * @param {import('./host.mjs').Host} host
 * @param {Resolved} libtorch
 * @param {string} [buildDir]
 */
export async function buildAddon(host, libtorch, buildDir = join(host.packageDir, 'build')) {
  const compiler = await findCompiler(host);
  const cmake = await findCmake(host);
  const generator = findGenerator(host);
  // A change in one of these makes every object file worthless.
  const settings = [
    `libtorch ${libtorch.version} ${libtorch.libtorch}`,
    `package ${host.packageDir}`,
    `compiler ${compiler.program} ${compiler.version}`,
    `generator ${generator}`,
    ...['cmake-js', 'node-addon-api', 'node-api-headers'].map(
      (name) => `${name} ${packageJson(host, name).version}`,
    ),
  ].join('\n');
  try {
    mkdirSync(buildDir, { recursive: true });
    await withLock(join(buildDir, 'install.lock'), host.say, async () => {
      const before = readRecord(buildDir);
      const sources = hashSources(host.packageDir);
      const addon = addonStamp(buildDir);
      const whole = before !== null && JSON.stringify(before.addon) === JSON.stringify(addon);
      if (whole && before.settings === settings && before.sources === sources) {
        host.say(`addon: nothing changed since ${before.builtAt}`);
        return;
      }
      host.say(`addon: compiling with ${compiler.version}, ${cmake.version}, ${generator}`);
      removeRecord(buildDir);
      startOverWhereNeeded(buildDir, settings);
      await compile(host, libtorch, buildDir, generator);
      await assertLoads(host, libtorch, buildDir);
      const { libtorch: folder, version, flavor, python, source } = libtorch;
      writeRecord(buildDir, {
        ...{ libtorch: folder, version, flavor, python, source },
        abi: 'cxx11', // the only one of Linux builds since 2.7
        libtorchNode: JSON.parse(readFileSync(join(host.packageDir, 'package.json'), 'utf8')).version,
        compiler: compiler.version,
        builtAt: new Date().toISOString(),
        settings,
        sources,
        addon: /** @type {NonNullable<typeof addon>} */ (addonStamp(buildDir)),
      });
      host.say(`addon: built ${addonFile(buildDir)}`);
    });
  } catch (error) {
    throw explainWriteError(error, buildDir, 'install this package where you may write');
  }
}

/**
 * Keeps what an earlier build left, an unfinished one too, only where it was made with the same settings.
 * @param {string} buildDir
 * @param {string} settings
 */
function startOverWhereNeeded(buildDir, settings) {
  const file = join(buildDir, 'settings.txt');
  if (existsSync(file) && readFileSync(file, 'utf8') === settings) return;
  for (const path of ['CMakeCache.txt', 'CMakeFiles', addonFile('.')]) {
    rmSync(join(buildDir, path), { recursive: true, force: true });
  }
  writeFileSync(file, settings);
}

/** @param {import('./host.mjs').Host} host @param {Resolved} libtorch @param {string} buildDir @param {string} generator */
async function compile(host, libtorch, buildDir, generator) {
  const cmakeJs = createRequire(join(host.packageDir, 'package.json')).resolve('cmake-js/package.json');
  // Each compiler takes about 1.5 GB: more than two at once only where that is asked for.
  const jobs = Number(host.env.CMAKE_BUILD_PARALLEL_LEVEL) || Math.min(2, availableParallelism());
  // `make` inside node-gyp's `make` would ask for its job server.
  const { MAKEFLAGS: _flags, MAKELEVEL: _level, MFLAGS: _mflags, ...env } = host.env;
  const args = [
    join(dirname(cmakeJs), 'bin', 'cmake-js'),
    'build',
    ...['--log-level', 'warn'],
    ...['--directory', host.packageDir],
    ...['--out', buildDir],
    ...['--config', 'Release'],
    ...['--generator', generator],
    ...['--parallel', `${jobs}`],
    `--CDLIBTORCH=${libtorch.libtorch}`,
  ];
  const onLine = (/** @type {string} */ line) => {
    const shown = line.replace(/Building CXX object CMakeFiles\/libtorch_node\.dir\/(.*)\.[og]\w*$/, '$1');
    if (line.trim() && !/^-- |^Not searching for unused/.test(line)) host.say(`  ${shown}`);
  };
  const outcome = await run(process.execPath, args, { env, cwd: host.packageDir, onLine });
  if (outcome.code !== 0) throw explainBuild(outcome.output);
}

/** @param {import('./host.mjs').Host} host @param {Resolved} libtorch @param {string} buildDir */
async function assertLoads(host, libtorch, buildDir) {
  const script = 'process.dlopen({ exports: {} }, process.argv[1])';
  const outcome = await run(process.execPath, ['-e', script, addonFile(buildDir)], { env: host.env });
  if (outcome.code !== 0) throw explainLoading(outcome.output, libtorch.libtorch);
}
