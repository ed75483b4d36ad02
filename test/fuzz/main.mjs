// npm run fuzz:ops: calls operators with whatever JavaScript can pass, in processes of their own. A process that crashes is a failure; its call is printed and the rest goes on. A call that
// computes for too long (the polynomial of degree 2^62) is ended, printed and counted apart.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program } from 'commander';
import { count } from '../options.mjs';

const options = program
  .name('npm run fuzz:ops --')
  .description('Calls operators with whatever JavaScript can pass; ends with 1 where a process crashed.')
  .option('--calls <n>', 'in all', count, 1_000_000)
  .option('--seed <n>', 'of the calls', count, 1)
  .option('--chunk <n>', 'calls of one process', count, 20_000)
  .option('--op <name>', 'this operator alone')
  .parse()
  .opts();

const child = fileURLToPath(new URL('child.mjs', import.meta.url));
const report = join(mkdtempSync(join(tmpdir(), 'fuzz-')), 'call');
/** Seconds for one call. */
const limit = 20;

/** Ends the process when its report has named the same call for too long. */
function watch(running) {
  let [seen, seconds] = ['', 0];
  return setInterval(() => {
    const call = readFileSync(report, { encoding: 'utf8', flag: 'a+' });
    seconds = call === seen ? seconds + 1 : 0;
    seen = call;
    if (seconds > limit) running.kill('SIGKILL');
  }, 1000);
}

function run(seed, calls) {
  return new Promise((resolve) => {
    const args = ['--no-warnings', child, seed, calls, report, ...(options.op ? [options.op] : [])].map(
      String,
    );
    const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, errors] = ['', ''];
    running.stdout.on('data', (data) => {
      out += data;
    });
    running.stderr.on('data', (data) => {
      errors = (errors + data).slice(-2000);
    });
    const timer = watch(running);
    running.on('close', (code, signal) => {
      clearInterval(timer);
      resolve({ out, errors, end: signal ?? code });
    });
  });
}

const total = options.calls;
const first = options.seed * 1e7;
let [done, crashes, endless] = [0, 0, 0];
const kinds = new Map();
const counts = { answered: 0, refused: 0, foreign: 0 };
while (done < total) {
  const { out, errors, end } = await run(first + done, Math.min(options.chunk, total - done));
  if (end === 0) {
    const told = JSON.parse(out.trim().split('\n').at(-1));
    for (const key of Object.keys(counts)) counts[key] += told[key];
    for (const [kind, call] of told.kinds) if (!kinds.has(kind)) kinds.set(kind, call);
    done += Math.min(options.chunk, total - done);
  } else {
    const call = readFileSync(report, 'utf8').trim();
    if (end === 'SIGKILL') endless++;
    else crashes++;
    console.log(`${end}: ${call}\n    ${errors.trim().split('\n').slice(-3).join('\n    ')}`);
    done = Math.max(done, Number(call.split(' ')[0]) - first) + 1;
  }
  process.stdout.write(`${done} of ${total} calls, ${crashes} crashes, ${endless} without end\n`);
}
for (const [kind, call] of kinds) console.log(`unexpected ${kind}\n    ${call}`);
console.log(JSON.stringify({ calls: total, crashes, endless, ...counts }));
process.exitCode = crashes > 0 ? 1 : 0;
