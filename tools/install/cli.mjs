#!/usr/bin/env node
// @ts-check
import { parseArgs } from 'node:util';
import { buildAddon } from './build.mjs';
import { doctor, warnAfterInstall } from './doctor.mjs';
import { hostOf } from './host.mjs';
import { InstallError } from './install-error.mjs';
import { resolveLibtorch } from './resolve.mjs';

const help = `Usage: libtorch-node <command>

  install   get libtorch, build the addon against it, say what is wrong (npm's install script calls this)
  build     the same without the last part; only what changed is compiled
  resolve   find or fetch libtorch and print its folder, build nothing
  doctor    print versions, paths, flavour, threads, flags, GPU, and what is wrong; exits 1 if something is

Where libtorch comes from, the first that applies:
  LIBTORCH=<folder>        an unpacked libtorch, or the folder of a Python package torch
  LIBTORCH_USE_PYTORCH=1   the torch of the active Python environment
  the cache                $XDG_CACHE_HOME/libtorch-node, ~/.cache/libtorch-node
  pip                      a private environment made there with python3 -m venv (PYTHON names another Python)
  the official archive     where there is no Python; LIBTORCH_ARCHIVE_URL and LIBTORCH_ARCHIVE_SHA256 name another

  LIBTORCH_FLAVOR=cpu|cuda chooses the build; without it, cuda where there is an NVIDIA driver
  LIBTORCH_VERSION=x.y.z   another version than the pinned one, from 2.11 to 2.14
`;

/** @param {string | undefined} command @param {import('./host.mjs').Host} host @returns {Promise<number>} exit code */
async function main(command, host) {
  switch (command) {
    case 'install':
    case 'build':
      await buildAddon(host, await resolveLibtorch(host));
      if (command === 'install') await warnAfterInstall(host);
      return 0;
    case 'resolve': {
      const { libtorch } = await resolveLibtorch({
        ...host,
        say: (line) => process.stderr.write(`${line}\n`),
      });
      process.stdout.write(`${libtorch}\n`);
      return 0;
    }
    case 'doctor':
      return await doctor(host);
    default:
      process.stderr.write(
        `libtorch-node: ${command ? `no command '${command}'` : 'no command given'}\n\n${help}`,
      );
      return 2;
  }
}

const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);
const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
  strict: false,
});
if (values.help) say(help);
else {
  try {
    process.exitCode = await main(positionals[0], hostOf(process.env, say));
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    process.stderr.write(`libtorch-node: ${error.message}\n  fix: ${error.fix}\n`);
    process.exitCode = 1;
  }
}
