// @ts-check
// Run by doctor in its own process, so that an addon that crashes is a line of its report and not its end.
import { createRequire } from 'node:module';

const addon = createRequire(import.meta.url)(/** @type {string} */ (process.argv[2]));
const { config, parallel } = addon.versions();
const flags = ['mkldnn.enabled', 'nnpack.enabled', 'cudnn.enabled', 'cudnn.benchmark', 'deterministic'];
const answer = {
  threads: addon.threads(),
  capability: /CPU capability usage: (\S+)/.exec(config)?.[1] ?? 'unknown',
  openmp: /OpenMP[^\n]*/.exec(parallel)?.[0] ?? 'no OpenMP',
  flags: Object.fromEntries(flags.map((name) => [name, addon.flag(name)])),
  devices: addon.cudaDeviceCount(),
};
process.stdout.write(JSON.stringify(answer));
