import { getNumThreads, versions } from '../backends.js';
import { requireNames } from '../options.js';
import { locateOperators } from './locate.js';
import { type ParityOptions, parityNames, planOf } from './plan.js';
import { defaultPython, Python } from './python.js';
import { reasonsFor } from './reasons.js';
import type { ParityReport } from './report.js';
import { runSideBySide } from './side-by-side.js';

/**
 * Trains a model here and in Python from the same seed, on inputs and labels drawn from it, and compares the bits of
 * every module's output, every gradient, parameter and buffer of each step, and of an evaluation at the end. What
 * differs is traced to the first operator, and to the setting that makes it so.
 *
 * Seed and, where given, threads are set for the whole process. Both sides keep the outputs of one step in memory.
 *
 * @throws TorchError where Python or its torch is missing, or either model does not run; ValueError for an option.
 *   The signal's reason when it is aborted; Python is killed then.
 */
export async function parity(options: ParityOptions, signal?: AbortSignal): Promise<ParityReport> {
  requireNames(parity, options, parityNames);
  const plan = planOf(options);
  const python = await Python.start(options.python ?? defaultPython(), signal);
  try {
    const run = await runSideBySide(plan, options.model, python);
    await locateOperators(run.differences, plan, options.model, python);
    const reasons = await reasonsFor(run, plan, python);
    const { settings, layers } = run.python;
    const { seed, steps } = plan;
    return {
      ...{
        equal: run.first === null && reasons.length === 0,
        seed,
        steps,
        reasons,
        differences: run.differences,
      },
      torch: { here: versions().torch, python: settings.facts.torch ?? '?' },
      threads: { here: getNumThreads(), python: Number(settings.switches.threads) },
      ...{ layers: Object.keys(layers).length, tensors: run.tensors },
    };
  } finally {
    await python.stop();
  }
}
