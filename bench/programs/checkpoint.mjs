// Loads or saves the state dict of Xception, ours: milliseconds per pass, growth of peak memory in MB.
import { readFileSync, writeFileSync } from 'node:fs';
import * as torch from 'libtorch-node';

const { mode, path, passes } = JSON.parse(process.argv[2]);

function megabytes(field) {
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}

function stateDict() {
  torch.manualSeed(0);
  return new torch.models.Xception({ numClasses: 1000 }).stateDict();
}

const load = () => torch.load(path, { mmap: true });
const saving = mode === 'load' ? undefined : stateDict();
const pass = mode === 'load' ? load : () => torch.save(saving, path);

// Linux forgets the peak so far.
writeFileSync('/proc/self/clear_refs', '5');
const before = megabytes('VmRSS');
const ms = Array.from({ length: passes }, () => {
  const begin = performance.now();
  torch.scope(() => void pass());
  return performance.now() - begin;
});
console.log(JSON.stringify({ ms, growth: megabytes('VmHWM') - before }));
