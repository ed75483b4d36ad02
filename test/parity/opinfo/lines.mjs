import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What a program that is killed writes last may be half a line. */
function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

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
  for await (const text of createInterface({ input: child.stdout, crlfDelay: Infinity })) {
    const line = parsed(text);
    if (!line) break;
    ended = line.end === true;
    last = line.op ?? last;
    if (!ended) yield line;
  }
  if (!ended) child.kill();
  await closed;
  if (ended) return;
  const end = child.signalCode ?? `exit code ${child.exitCode}`;
  throw new Error(`${python} ended early, or wrote half a line, in ${last}: ${end}:\n${complaints}`);
}
