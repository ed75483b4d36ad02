// @ts-check
// The checks, each a process of its own; a row of the table for each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {object} Row
 * @property {string} check
 * @property {boolean} ok
 * @property {string} result
 * @property {number} seconds
 *
 * @typedef {object} Run
 * @property {string} root
 * @property {string} python
 * @property {'cuda' | 'cpu'} device
 * @property {string} folder for what the checks write
 * @property {(line: string) => void} say
 */

/** @param {Run} run @returns {NodeJS.ProcessEnv} */
const environment = ({ device, python }) => ({
  ...process.env,
  LIBTORCH_NODE_TEST_DEVICE: device,
  LIBTORCH_NODE_PYTHON: python,
  // cuBLAS reads it once; without it deterministic matrix products are refused.
  CUBLAS_WORKSPACE_CONFIG: ':4096:8',
  FORCE_COLOR: '0',
});

/** @param {Run} run @param {string[]} args of Node @returns {Promise<{ status: number, output: string }>} */
async function node(run, args) {
  const child = spawn(process.execPath, args, { cwd: run.root, env: environment(run) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const [status] = await once(child, 'close');
  return { status, output };
}

/**
 * The tests of parity with the live Python, a row for each file.
 * @param {Run} run
 * @param {import('./plans.mjs').Plan} plan
 * @returns {AsyncGenerator<Row>}
 */
export async function* paritySuites(run, { suites }) {
  const file = join(run.folder, 'suites.json');
  // On a GPU the files share it; on the CPU each needs all cores.
  const workers = run.device === 'cuda' ? Math.min(6, availableParallelism()) : 1;
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const reporter = ['--reporter=json', `--outputFile=${file}`, `--maxWorkers=${workers}`];
  const { output } = await node(run, [vitest, 'run', ...suites, ...reporter, '--testTimeout=480000']);
  if (!existsSync(file)) throw new Error(`vitest wrote no report:\n${output.slice(-4000)}`);
  for (const suite of JSON.parse(readFileSync(file, 'utf8')).testResults) yield suiteRow(run, suite);
}

/** @param {Pick<Run, 'root' | 'say'>} run @param {any} suite of vitest's JSON report @returns {Row} */
export function suiteRow(run, suite) {
  const of = (/** @type {string} */ status) =>
    suite.assertionResults.filter((/** @type {any} */ test) => test.status === status);
  const [passed, failed] = [of('passed'), of('failed')];
  for (const { fullName, failureMessages } of failed) {
    run.say(`  ${fullName}\n    ${failureMessages.join('\n').split('\n').slice(0, 12).join('\n    ')}`);
  }
  const broken = failed.length === 0 && suite.status === 'failed';
  if (broken) run.say(`  ${suite.message}`);
  const others = suite.assertionResults.length - passed.length - failed.length;
  return {
    check: relative(join(run.root, 'test'), suite.name).replace(/\.test\.ts$/, ''),
    ok: failed.length === 0 && !broken && suite.assertionResults.length > 0,
    result: [
      `${passed.length} equal`,
      failed.length > 0 && `${failed.length} differ (${failed[0].title})`,
      broken && 'does not load',
      others > 0 && `${others} not for this device`,
    ]
      .filter(Boolean)
      .join(', '),
    seconds: (suite.endTime - suite.startTime) / 1000,
  };
}

/**
 * `xception overfit` until it knows its photos.
 * @param {Run} run
 * @param {import('./plans.mjs').Plan} plan
 * @returns {AsyncGenerator<Row>}
 */
export async function* overfits(run, { overfit, learned }) {
  const out = join(run.folder, 'overfit');
  const args = ['overfit', '--device', run.device, '--out', out, ...overfit];
  const { status, output } = await node(run, [join('dist', 'cli', 'xception.js'), ...args]);
  const check = `xception overfit ${overfit.join(' ')}`;
  if (status !== 0) {
    run.say(output.slice(-2000));
    yield { check, ok: false, result: `ended with exit code ${status}`, seconds: 0 };
    return;
  }
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
  const { train_loss: loss, train_accuracy: accuracy, eval_accuracy: evaluated } = summary;
  const reached = learned === null || (loss < learned.loss && accuracy >= learned.accuracy);
  yield {
    check,
    ok: Number.isFinite(loss) && reached,
    result: `loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(2)}, evaluated ${evaluated.toFixed(2)}`,
    seconds: summary.seconds,
  };
}

/**
 * Steps of Xception beside Python, in turn.
 * @param {Run} run
 * @param {import('./plans.mjs').Plan} plan
 * @returns {AsyncGenerator<Row>}
 */
export async function* speedAndMemory(run, { speed, limits }) {
  // pairs.mjs runs its programs in this process's environment.
  Object.assign(process.env, environment(run));
  const { median, pairs } = await import(pathToFileURL(join(run.root, 'bench', 'pairs.mjs')).href);
  for (const { name, settings, rounds } of speed) {
    const began = performance.now();
    const results = pairs('xception', { threads: 2, device: run.device, ...settings }, rounds);
    // The first passes of a process load kernels.
    const warm = (/** @type {any} */ { answer }) => median(answer.ms.slice(answer.ms.length >> 1));
    const ratio = (/** @type {(side: any) => number} */ of) =>
      median(results.map((/** @type {any} */ pair) => of(pair.ours) / of(pair.python)));
    const [time, memory] = [ratio(warm), ratio(({ answer }) => answer.peak)];
    const same = results.every(
      (/** @type {any} */ pair) => pair.ours.answer.digest === pair.python.answer.digest,
    );
    const milliseconds = median(results.map((/** @type {any} */ pair) => warm(pair.ours)));
    yield {
      check: name,
      ok: same && (limits === null || (time <= limits.time && memory <= limits.memory)),
      result:
        `${milliseconds.toFixed(1)} ms, ${time.toFixed(2)} of Python's time, ${memory.toFixed(2)} of its memory, ` +
        `${same ? 'same bits' : 'OTHER BITS'}`,
      seconds: (performance.now() - began) / 1000,
    };
  }
}
