import { setNumThreads, versions } from '../backends.js';
import { tensor } from '../creation.js';
import { DataLoader, TensorDataset } from '../data/index.js';
import { ValueError } from '../errors.js';
import { type Names, requireNames } from '../options.js';
import { manualSeed } from '../random.js';
import { checkBatches } from './batch-check.js';
import { fingerprint, loadCheckpoint, restore, saveCheckpoint } from './checkpoint.js';
import { trainEpochs } from './epochs.js';
import { type OverfitOptions, overfitNames, type Plan, planOf } from './options.js';
import { PREPROCESSING, readPhotos } from './photo-input.js';
import { listPhotos, type PhotoList } from './photo-list.js';
import type { Position } from './position.js';
import { makeModel, makeTraining } from './recipe.js';
import type { Reporter } from './reporter.js';
import { RunFolder } from './run-folder.js';
import { type RunResult, recipeOf, resultOf, type Summary } from './summary.js';

export interface RunControl {
  reporter?: Reporter;
  /** When aborted, the run finishes its step, saves everything and resolves with `interrupted: true`. */
  signal?: AbortSignal;
}

const controlNames: Names<RunControl> = { reporter: true, signal: true };

/**
 * Trains Xception on a folder of photos until it knows them, and writes metrics.jsonl, last.pt, summary.json,
 * curves.svg and curves.png to `out`; a run that is stopped also checkpoint.pt, which `resume` goes on from. Seed and
 * threads are set for the whole process.
 *
 * @throws ValueError or TorchError whose message says what to do; what is wrong with the input is found before
 *   anything is written. The signal's reason, when it is aborted before the training began.
 */
export async function overfit(options: OverfitOptions = {}, control: RunControl = {}): Promise<Summary> {
  requireNames(overfit, options, overfitNames);
  requireNames(overfit, control, controlNames);
  const { reporter, signal } = control;
  const checkpoint = options.resume === undefined ? null : loadCheckpoint(onlyResume(options));
  const plan = planOf(checkpoint?.options ?? options);
  const list = listPhotos(plan);
  const count = list.files.length;
  checkBatches({ count, batchSize: plan.batchSize, size: plan.size });
  const photos = await readPhotos(list.files, plan.size, signal);
  signal?.throwIfAborted();
  const run = { plan, photos: fingerprint(photos, list.targets) };
  if (checkpoint && checkpoint.photos !== run.photos) {
    throw new ValueError(`the photos in ${plan.data} are not those that ${checkpoint.path} was trained on`);
  }

  setNumThreads(plan.threads);
  manualSeed(plan.seed);
  const model = makeModel(plan, list.classes.length);
  const parameters = [...model.parameters()].reduce((sum, parameter) => sum + parameter.numel(), 0);
  const { batchSize, epochs, evalEvery, checkpointEvery } = plan;
  // float32; a checkpoint has the weights, and for Adam two more numbers for each.
  const folder = RunFolder.open(plan.out, parameters * (epochs > checkpointEvery ? 4 + 12 : 4));
  if (!checkpoint) folder.removeCheckpoint();

  const dataset = new TensorDataset(photos, tensor(list.targets.map(BigInt)));
  const trainBatches = new DataLoader(dataset, { batchSize, shuffle: true });
  const evalBatches = new DataLoader(dataset, { batchSize });
  const stepsPerEpoch = trainBatches.length;
  const training = makeTraining(plan, model, epochs * stepsPerEpoch);

  if (checkpoint) restore(training, checkpoint);
  for (const metrics of checkpoint?.position.history ?? []) folder.metrics.append(metrics);

  reporter?.start?.({ plan, photos: count, classes: list.classes, stepsPerEpoch, parameters });
  let position: Position | null = null;
  const history = await trainEpochs(training, {
    ...{ epochs, stepsPerEpoch, evalEvery, trainBatches, evalBatches, signal },
    from: checkpoint?.position,
    onStep: (progress) => reporter?.step?.(progress),
    onEpoch: (metrics, now) => {
      position = now;
      folder.metrics.append(metrics);
      const { epoch } = metrics;
      if (epoch % checkpointEvery === 0 && epoch < epochs) saveCheckpoint(plan.out, training, now, run);
      reporter?.epoch?.(metrics);
    },
  }).finally(() => folder.metrics.close());

  const interrupted = signal?.aborted ?? false;
  const summary = summaryOf(resultOf(history, interrupted), plan, list, parameters);
  await folder.save(model.stateDict(), summary, history);
  if (!interrupted) folder.removeCheckpoint();
  else if (position) saveCheckpoint(plan.out, training, position, run);
  reporter?.end?.(summary);
  return summary;
}

/** @throws ValueError naming an option beside `resume` */
function onlyResume({ resume = '', ...others }: OverfitOptions): string {
  const given = Object.entries(others).find(([, value]) => value !== undefined);
  if (given === undefined) return resume;
  throw new ValueError(`a resumed run goes on with its own options: leave out ${given[0]}`);
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
