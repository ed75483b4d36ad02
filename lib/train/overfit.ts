import { setNumThreads, versions } from '../backends.js';
import { tensor } from '../creation.js';
import { DataLoader, TensorDataset } from '../data/index.js';
import { manualSeed } from '../random.js';
import { checkBatches } from './batch-check.js';
import { trainEpochs } from './epochs.js';
import { type OverfitOptions, type Plan, planOf } from './options.js';
import { PREPROCESSING, readPhotos } from './photo-input.js';
import { listPhotos, type PhotoList } from './photo-list.js';
import { makeModel, makeTraining } from './recipe.js';
import type { Reporter } from './reporter.js';
import { RunFolder } from './run-folder.js';
import { type RunResult, recipeOf, resultOf, type Summary } from './summary.js';

export interface RunControl {
  reporter?: Reporter;
  /** When aborted, the run finishes its step, saves everything and resolves with `interrupted: true`. */
  signal?: AbortSignal;
}

/**
 * Trains Xception on a folder of photos until it knows them, and writes metrics.jsonl, last.pt, summary.json,
 * curves.svg and curves.png to `out`. Seed and threads are set for the whole process.
 *
 * @throws ValueError or TorchError whose message says what to do; what is wrong with the input is found before
 *   anything is written. The signal's reason, when it is aborted before the training began.
 */
export async function overfit(
  options: OverfitOptions = {},
  { reporter, signal }: RunControl = {},
): Promise<Summary> {
  const plan = planOf(options);
  const list = listPhotos(plan);
  const count = list.files.length;
  checkBatches({ count, batchSize: plan.batchSize, size: plan.size });
  const photos = await readPhotos(list.files, plan.size, signal);
  signal?.throwIfAborted();

  setNumThreads(plan.threads);
  manualSeed(plan.seed);
  const model = makeModel(plan, list.classes.length);
  const parameters = [...model.parameters()].reduce((sum, parameter) => sum + parameter.numel(), 0);
  const folder = RunFolder.open(plan.out, 4 * parameters);

  const { batchSize, epochs, evalEvery } = plan;
  const dataset = new TensorDataset(photos, tensor(list.targets.map(BigInt)));
  const trainBatches = new DataLoader(dataset, { batchSize, shuffle: true });
  const evalBatches = new DataLoader(dataset, { batchSize });
  const stepsPerEpoch = trainBatches.length;
  const training = makeTraining(plan, model, epochs * stepsPerEpoch);

  reporter?.start?.({ plan, photos: count, classes: list.classes, stepsPerEpoch, parameters });
  const history = await trainEpochs(training, {
    ...{ epochs, stepsPerEpoch, evalEvery, trainBatches, evalBatches, signal },
    onStep: (progress) => reporter?.step?.(progress),
    onEpoch: (metrics) => {
      folder.metrics.append(metrics);
      reporter?.epoch?.(metrics);
    },
  }).finally(() => folder.metrics.close());

  const result = resultOf(history, signal?.aborted ?? false);
  const summary = summaryOf(result, plan, list, parameters);
  await folder.save(model.stateDict(), summary, history);
  reporter?.end?.(summary);
  return summary;
}

function summaryOf(
  result: RunResult,
  plan: Plan,
  { files, classes }: PhotoList,
  parameters: number,
): Summary {
  return {
    ...result,
    photos: files.length,
    classes,
    preprocessing: { size: plan.size, ...PREPROCESSING },
    model: { name: 'Xception', num_classes: classes.length, parameters, init: plan.init },
    recipe: recipeOf(plan),
    torch: versions().torch,
  };
}
