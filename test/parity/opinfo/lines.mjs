import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The lines that a Python program writes about its samples, parsed; the last of them says that it came to its end. */
export async function* lines(python, program, settings) {
  const child = spawn(python, ['-B', '-W', 'ignore', program, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: `${2 ** 31 - 1}` },
  });
  let complaints = '';
  child.stderr.on('data', (data) => {
    complaints = `${complaints}${data}`.slice(-4000);
  });
  const closed = once(child, 'close');
  let ended = false;
  let last = 'its start';
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) {
    const parsed = JSON.parse(line);
    ended = parsed.end === true;
    last = parsed.op ?? last;
    if (!ended) yield parsed;
  }
  await closed;
  if (ended) return;
  const end = child.signalCode ?? `exit code ${child.exitCode}`;
  throw new Error(`${python} ended early in ${last} with ${end}:\n${complaints}`);
}
