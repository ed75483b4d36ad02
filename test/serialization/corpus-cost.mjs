// Loads every file of a folder, mapped and not, and with records; prints the seconds and the growth of peak memory that each load took.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

import * as torch from '../../dist/index.js';

const [folder] = process.argv.slice(2);

function kilobytes(field) {
  return Number(
    new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1],
  );
}

function attempt(path, options) {
  try {
    torch.load(path, { mapLocation: 'cpu', ...options });
  } catch (error) {
    if (!(error instanceof torch.serialization.CheckpointError)) throw error;
  }
}

function cost(name, options) {
  const path = `${folder}${name}`;
  globalThis.gc();
  // Linux forgets the peak so far.
  writeFileSync('/proc/self/clear_refs', '5');
  const before = kilobytes('VmRSS');
  const begin = performance.now();
  attempt(path, options);
  const seconds = (performance.now() - begin) / 1000;
  return { name, seconds, bytes: 1024 * (kilobytes('VmHWM') - before), size: statSync(path).size };
}

const names = readdirSync(folder).filter((name) => name.endsWith('.pt'));
// The first load pays for what is made once.
cost(
  names.find((name) => name.startsWith('v001')),
  {},
);
const ways = [{}, { mmap: true }, { keepUnknown: true }];
console.log(JSON.stringify(ways.flatMap((options) => names.map((name) => cost(name, options)))));
