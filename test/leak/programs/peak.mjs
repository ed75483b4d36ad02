// What the kernel saw, not what anybody counted: VmHWM, in MB.
import { readFileSync } from 'node:fs';

export function peakMegabytes() {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}

export function report(values) {
  console.log(JSON.stringify(values));
}
