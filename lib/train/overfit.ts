import { setNumThreads, versions } from '../backends.js';
import { tensor } from '../creation.js';
import { DataLoader, TensorDataset } from '../data/index.js';
import { channelsLast, contiguousFormat } from '../memory-format.js';
import { Xception } from '../models/index.js';
import { manualSeed } from '../random.js';
import { checkBatches } from './batch-check.js';
import { fit } from './fit.js';
import type { Training } from './loop.js';
import { type OverfitOptions, type Plan, planOf } from './options.js';
import { networkInput, PREPROCESSING, readPhotos } from './photo-input.js';
import { listPhotos, type PhotoList } from './photo-list.js';
import { makeOptimizer, makeScheduler } from './recipe.js';
import type { Reporter } from './reporter.js';
import { RunFolder } from './run-folder.js';
import { recipeOf, resultOf, type Summary } from './summary.js';

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
export async function overfit(options: OverfitOptions = {}, { reporter, signal }: RunControl = {}): Promise<Summary> {
  const plan = planOf(options);
  const list = listPhotos(plan);
  checkBatches({ count: list.files.length, batchSize: plan.batchSize, size: plan.size });
  const photos = await readPhotos(list.files, plan.size, signal);
  signal?.throwIfAborted();

  setNumThreads(plan.threads);
  manualSeed(plan.seed);
  const { device, memoryFormat } = plan;
  const model = new Xception({ numClasses: list.classes.length, init: plan.init });
  model.to({ device, memoryFormat: memoryFormat === 'channels_last' ? channelsLast : contiguousFormat });
  const parameters = [...model.parameters()].reduce((sum, parameter) => sum + parameter.numel(), 0);
  const folder = RunFolder.open(plan.out, 4 * parameters);

  const dataset = new TensorDataset(photos, tensor(list.targets.map(BigInt)));
  const trainBatches = new DataLoader(dataset, { batchSize: plan.batchSize, shuffle: true });
  const evalBatches = new DataLoader(dataset, { batchSize: plan.batchSize });
  const stepsPerEpoch = trainBatches.length;
  const optimizer = makeOptimizer(model.parameters(), plan);
  const scheduler = makeScheduler(optimizer, plan, plan.epochs * stepsPerEpoch);
  const toInput: Training['toInput'] = (batch) => networkInput(batch, { device, memoryFormat });

  reporter?.start?.({ plan, photos: list.files.length, classes: list.classes, stepsPerEpoch, parameters });
  const history = await fit(
    { model, optimizer, scheduler, toInput },
    {
      epochs: plan.epochs,
      evalEvery: plan.evalEvery,
      stepsPerEpoch,
      trainBatches,
      evalBatches,
      signal,
      onStep: (progress) => reporter?.step?.(progress),
      onEpoch: (metrics) => {
        folder.metrics.append(metrics);
        reporter?.epoch?.(metrics);
      },
    },
  );
  folder.metrics.close();

  const summary = {
    ...resultOf(history, signal?.aborted ?? false),
    ...descriptionOf(plan, list, parameters),
  };
  await folder.save(model.stateDict(), summary, history);
  reporter?.end?.(summary);
  return summary;
}

function descriptionOf(plan: Plan, { files, classes }: PhotoList, parameters: number) {
  return {
    photos: files.length,
    classes,
    preprocessing: { size: plan.size, ...PREPROCESSING },
    model: { name: 'Xception' as const, num_classes: classes.length, parameters, init: plan.init },
    recipe: recipeOf(plan),
    torch: versions().torch,
  };
}
