// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fillEntry } from './cache-entry.mjs';
import { explainPip, hasNoSuchRelease } from './explain-pip.mjs';
import { InstallError } from './install-error.mjs';
import { lastLines, run } from './process.mjs';
import { withPulse } from './pulse.mjs';
import { basePython } from './python.mjs';

/** CPU builds are not on PyPI, whose torch for Linux is a CUDA build; asked only where pip's own indexes have none. */
const cpuIndex = 'https://download.pytorch.org/whl/cpu';

/** Measured for 2.13.0 (CPU) and 2.14.1 (CUDA 13), the wheels while they are unpacked included. */
const bytesNeeded = { cpu: 1.3e9, cuda: 8e9 };

/** What would send pip's files elsewhere than into the environment it is called from. */
const diverting = [
  'PIP_TARGET',
  'PIP_PREFIX',
  'PIP_USER',
  'PIP_REQUIRE_VIRTUALENV',
  'PYTHONPATH',
  'PYTHONHOME',
];

/**
 * A private Python environment with the torch package: the library to link and, in the same download, the
 * PyTorch to compare with. Nothing is installed system-wide and no Python runs afterwards.
 * @type {import('./resolve.mjs').Source}
 */
export async function fromPip(host, wanted) {
  const python = await basePython(host);
  if (!python) return { passed: 'no Python runs here (looked at PYTHON, python3, python)' };
  const named = `${python.program} (${python.version})`;
  if (Number(python.version.split('.')[1]) < 10) return { passed: `${named} is too old, torch needs 3.10` };
  if (!python.canMakeEnvironments) {
    return {
      passed: `${named} cannot make an environment; Debian has that apart: apt-get install python3-venv`,
    };
  }
  const found = await fillEntry(host, wanted, bytesNeeded[wanted.flavor], async (folder) => {
    // The pid keeps an orphaned pip of a killed installation out of this one's way.
    const environment = join(folder, `environment-${process.pid}`);
    host.say(`  making a private environment with ${named} in ${environment}`);
    const made = await run(python.program, ['-m', 'venv', environment], { env: envForPip(host) });
    if (made.code !== 0) throw explainVenv(made.output, named);
    await pipInstall(host, wanted, python, join(environment, 'bin/python'));
    return { torch: sitePackages(environment), python: join(environment, 'bin/python') };
  });
  return { found };
}

/**
 * @param {import('./host.mjs').Host} host
 * @param {import('./wanted.mjs').Wanted} wanted
 * @param {import('./python.mjs').Python} python
 * @param {string} program the interpreter of the new environment
 */
async function pipInstall(host, wanted, python, program) {
  const torch = wanted.flavor === 'cpu' ? `torch==${wanted.version}+cpu` : `torch==${wanted.version}`;
  const install = (/** @type {string[]} */ ...options) => {
    host.say(`  pip install ${[...options, torch].join(' ')} numpy`);
    const args = ['-m', 'pip', 'install', '--no-color', '--progress-bar', 'off', ...options, torch, 'numpy'];
    const onLine = (/** @type {string} */ line) => {
      if (/^\s*(Downloading|Installing|Successfully installed)/.test(line))
        host.say(`  ${line.trim().slice(0, 100)}`);
    };
    return withPulse(host.say, 'pip', () => run(program, args, { env: envForPip(host), onLine }));
  };
  let outcome = await install();
  if (outcome.code !== 0 && wanted.flavor === 'cpu' && hasNoSuchRelease(outcome.output)) {
    outcome = await install('--extra-index-url', cpuIndex);
  }
  if (outcome.code !== 0) throw explainPip(outcome.output, torch, python);
}

/** @param {import('./host.mjs').Host} host */
function envForPip(host) {
  const env = { ...host.env, PYTHONUNBUFFERED: '1', PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  for (const name of diverting) delete env[/** @type {keyof typeof env} */ (name)];
  // pip waits longer from try to try, for each package and each index that does not answer.
  return { PIP_RETRIES: '1', ...env };
}

/** @param {string} output @param {string} named */
function explainVenv(output, named) {
  if (/No space left/.test(output)) {
    return new InstallError('the disk is full: making a Python environment failed', 'free some space');
  }
  return new InstallError(
    `${named} could not make an environment:\n${lastLines(output, 4)}`,
    'on Debian: apt-get install python3-venv; or set PYTHON to another Python, or LIBTORCH to a libtorch you have',
  );
}

/** @param {string} environment @returns {string} its torch package */
function sitePackages(environment) {
  const lib = join(environment, 'lib');
  const versions = existsSync(lib) ? readdirSync(lib).filter((name) => name.startsWith('python3')) : [];
  return join(lib, versions[0] ?? 'python3', 'site-packages', 'torch');
}
