// @ts-check
// npm run accept:cuda: whether this package computes on a GPU what PyTorch computes there, as one table.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gpuOf } from './gpu.mjs';
import { pack } from './pack.mjs';
import { plans } from './plans.mjs';
import { prepare } from './prepare.mjs';
import { overfits, paritySuites, speedAndMemory } from './rows.mjs';
import { tableText } from './table.mjs';

const help = `Usage: npm run accept:cuda -- [options]

  --device cuda|cpu   what to compute on; cuda if not given
  --short             small inputs and few steps
  --pack <folder>     writes accept.sh and libtorch-node.tar.xz there, for a machine that can fetch nothing: it needs
                      bash, a C++ compiler, CMake and a Python that has torch; 'bash accept.sh' runs all this there

Exit code: 0 where no row failed, also where there is no GPU and nothing was checked (the last line says so); 1 where a
row failed; 2 for options that do not exist.
`;

/** @param {string} line */
const say = (line) => void process.stdout.write(`${line}\n`);

/** @param {'cuda' | 'cpu'} device @param {boolean} isShort @returns {Promise<number>} exit code */
async function accept(device, isShort) {
  const began = performance.now();
  const gpu = gpuOf(process.env);
  if (device === 'cuda' && !gpu.found) {
    say(`accept: there is no GPU here (${gpu.why}); nothing was checked.`);
    say('        --device cpu runs the same checks on the CPU.');
    return 0;
  }
  const plan = plans[isShort ? 'short' : device];
  const folder = mkdtempSync(join(tmpdir(), 'libtorch-node-accept-'));
  try {
    const run = { ...(await prepare(device, say)), device, folder, say };
    const rows = [];
    for (const checks of [paritySuites, overfits, speedAndMemory]) {
      for await (const row of checks(run, plan)) {
        rows.push(row);
        say(`  ${row.ok ? 'ok    ' : 'FAILED'} ${row.check}: ${row.result}`);
      }
    }
    say(`\n${tableText([['check', '', 'result', 'seconds'], ...rows.map(cells)])}`);
    const failed = rows.filter(({ ok }) => !ok).length;
    const minutes = ((performance.now() - began) / 60_000).toFixed(1);
    say(
      `\naccept: ${run.title}: ${rows.length - failed} of ${rows.length} rows passed in ${minutes} minutes`,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {import('./rows.mjs').Row} row */
const cells = ({ check, ok, result, seconds }) => [check, ok ? 'ok' : 'FAILED', result, seconds.toFixed(0)];

/** @returns {Promise<number>} exit code */
async function main() {
  const options = /** @type {const} */ ({
    device: { type: 'string', default: 'cuda' },
    short: { type: 'boolean', default: false },
    pack: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  const { values } = parseArgs({ options });
  if (values.help) {
    say(help);
    return 0;
  }
  if (values.pack !== undefined) return await pack(values.pack, say);
  if (values.device !== 'cuda' && values.device !== 'cpu') {
    throw new RangeError(`--device ${values.device}: it is cuda or cpu`);
  }
  return await accept(values.device, values.short);
}

process.exitCode = await main().catch((error) => {
  const isUsage = error instanceof RangeError || /^ERR_PARSE_ARGS/.test(error.code ?? '');
  process.stderr.write(`accept: ${isUsage ? `${error.message}\n\n${help}` : error.stack}\n`);
  return isUsage ? 2 : 1;
});
