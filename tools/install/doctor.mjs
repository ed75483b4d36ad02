// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { addonFile, addonStamp, hashSources, packageJson, readRecord } from './build-record.mjs';
import { findCmake, findCompiler, findGenerator } from './compiler.mjs';
import { explainLoading } from './explain-build.mjs';
import { InstallError } from './install-error.mjs';
import { inspectLibtorch } from './libtorch-folder.mjs';
import { lastLines, run } from './process.mjs';
import { askPython } from './python.mjs';
import { nvidiaDriver } from './wanted.mjs';

const again = 'run `npx libtorch-node install`';

/**
 * @typedef {{ say: (name: string, text: string) => void, wrong: (message: string, fix: string) => void }} Report
 * @typedef {import('./host.mjs').Host} Host
 * @typedef {import('./build-record.mjs').BuildRecord} BuildRecord
 */

/**
 * Prints what an issue report needs and what is wrong, each with its fix.
 * @param {Host} host
 * @returns {Promise<number>} 1 where something is wrong
 */
export async function doctor(host) {
  const problems = /** @type {string[]} */ ([]);
  const report = {
    say: (/** @type {string} */ name, /** @type {string} */ text) => host.say(`${name.padEnd(14)} ${text}`),
    wrong: (/** @type {string} */ message, /** @type {string} */ fix) => {
      problems.push(`- ${message}\n  fix: ${fix}`);
    },
  };
  await describeMachine(host, report);
  await describeTools(host, report);
  const record = await describeBuild(host, report);
  if (record && (await describeAddon(host, report, record))) await describeLibrary(host, report);
  host.say(problems.length === 0 ? '\nnothing is wrong' : `\nwrong:\n${problems.join('\n')}`);
  return problems.length === 0 ? 0 : 1;
}

/**
 * What a user should know after an installation that succeeded: a GPU that is not used, for example.
 * @param {Host} host
 */
export async function warnAfterInstall(host) {
  const wrong = (/** @type {string} */ message, /** @type {string} */ fix) => {
    host.say(`warning: ${message}\n  fix: ${fix}`);
  };
  const report = { say: () => {}, wrong };
  const record = await describeBuild(host, report);
  if (record) await describeAddon(host, report, record);
}

/** @param {Host} host @param {Report} report */
async function describeMachine(host, report) {
  const { say, wrong } = report;
  say('libtorch-node', `${packageJson(host, join(host.packageDir)).version} in ${host.packageDir}`);
  const npm = await run('npm', ['--version'], { env: host.env, cwd: host.packageDir });
  say('node', `${process.version}, npm ${npm.stdout.trim() || 'not found'}`);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    wrong(`Node ${process.version} is too old`, 'use Node 20.19 or later');
  say('system', `${process.platform} ${process.arch}`);
  if (process.platform !== 'linux') wrong(`${process.platform} is not supported`, 'use Linux');
}

/** @param {Host} host @param {Report} report */
async function describeTools(host, report) {
  const tools = /** @type {const} */ ([
    ['compiler', async () => await findCompiler(host)],
    ['cmake', async () => await findCmake(host)],
    ['generator', async () => ({ program: findGenerator(host), version: '' })],
  ]);
  for (const [name, find] of tools) {
    try {
      const { program, version } = await find();
      report.say(name, `${program}${version && `: ${version}`}`);
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      report.say(name, 'none');
      report.wrong(error.message, error.fix);
    }
  }
}

/** @param {Host} host @param {Report} report @returns {Promise<BuildRecord | null>} where the addon can be tried */
async function describeBuild(host, { say, wrong }) {
  const buildDir = join(host.packageDir, 'build');
  const record = readRecord(buildDir);
  if (!record) {
    say('addon', 'not built');
    wrong('the addon is not built', again);
    return null;
  }
  say('libtorch', `${record.version}, ${record.flavor} build, from: ${record.source}`);
  say('', record.libtorch);
  const python = record.python ? await askPython(record.python, host) : null;
  say(
    'python',
    python ? `${python.program} (${python.version}), for the parity tests only` : 'none (not needed)',
  );
  say('addon', `${addonFile(buildDir)}, built ${record.builtAt}`);
  if (JSON.stringify(addonStamp(buildDir)) !== JSON.stringify(record.addon)) {
    wrong('the addon is not the file that was built here', again);
  } else if (record.sources !== hashSources(host.packageDir)) {
    wrong('native/ changed since the addon was built', again);
  }
  try {
    const { version } = inspectLibtorch(record.libtorch, record.libtorch);
    if (version !== record.version) wrong(`libtorch was ${record.version} and is ${version} now`, again);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    wrong(error.message, again);
  }
  return existsSync(addonFile(buildDir)) ? record : null;
}

/** @param {Host} host @param {Report} report @param {BuildRecord} record @returns {Promise<boolean>} does it load? */
async function describeAddon(host, { say, wrong }, record) {
  const probe = fileURLToPath(new URL('probe.mjs', import.meta.url));
  const args = [probe, addonFile(join(host.packageDir, 'build'))];
  const { code, stdout, output } = await run(process.execPath, args, { env: host.env });
  if (code !== 0) {
    const { message, fix } = explainLoading(output, record.libtorch);
    wrong(message, fix);
    return false;
  }
  const { threads, capability, openmp, flags, devices } = JSON.parse(stdout);
  say('threads', `${threads}, ${openmp}, OMP_NUM_THREADS ${host.env.OMP_NUM_THREADS ?? 'not set'}`);
  say('processor', capability);
  say(
    'flags',
    Object.entries(flags)
      .map(([name, on]) => `${name} ${on ? 'on' : 'off'}`)
      .join(', '),
  );
  await describeGpu(host, { say, wrong }, record, devices);
  return true;
}

/** @param {Host} host @param {Report} report */
async function describeLibrary(host, { say, wrong }) {
  const entry = join(host.packageDir, 'dist', 'index.js');
  if (!existsSync(entry)) {
    say('library', 'not compiled');
    wrong('dist/ is not compiled', 'run `npm run build`');
    return;
  }
  const script = 'await import(process.argv[1])';
  const args = ['--input-type=module', '-e', script, pathToFileURL(entry).href];
  const { code, output } = await run(process.execPath, args, { env: host.env });
  say('library', code === 0 ? `${entry}, loads` : 'does not load');
  if (code !== 0) wrong(`the library does not load:\n${lastLines(output, 8)}`, again);
}

/** @param {Host} host @param {Report} report @param {BuildRecord} record @param {number} devices */
async function describeGpu(host, { say, wrong }, record, devices) {
  const driver = nvidiaDriver(host);
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'];
  const names = driver.found ? (await run('nvidia-smi', query, { env: host.env })).stdout.trim() : '';
  say('GPU', names.replaceAll('\n', '; ') || driver.why);
  if (record.flavor === 'cuda') {
    say('CUDA', `${devices} device${devices === 1 ? '' : 's'}`);
    if (devices === 0 && driver.found) {
      wrong(
        'this is a CUDA build, and CUDA sees no device',
        'look at CUDA_VISIBLE_DEVICES and at what nvidia-smi says',
      );
    }
  } else if (driver.found) {
    wrong('there is a GPU, and this is a CPU build', 'run `LIBTORCH_FLAVOR=cuda npx libtorch-node install`');
  }
}
