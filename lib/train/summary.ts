import type { EpochMetrics } from './metrics.js';
import type { Plan } from './options.js';
import type { PREPROCESSING } from './photo-input.js';

/** What came of a run. */
export interface RunResult {
  /** Stopped before the last evaluation pass was over. */
  interrupted: boolean;
  /** Complete ones. */
  epochs: number;
  steps: number;
  /** From the first step to the last, evaluation included. */
  seconds: number;
  /** Of the last epoch. */
  train_loss: number | null;
  train_accuracy: number | null;
  /** Of the last evaluation pass, after epoch `eval_epoch`; null where there was none. */
  eval_epoch: number | null;
  eval_loss: number | null;
  eval_accuracy: number | null;
}

/** The options, in the spelling of files. */
export interface Recipe {
  data: string;
  labels: string;
  epochs: number;
  batch_size: number;
  optimizer: string;
  lr: number;
  schedule: string;
  memory_format: string;
  seed: number;
  device: string;
  threads: number;
  eval_every: number;
  checkpoint_every: number;
}

/** summary.json: what a run was and what came of it; prediction reads `classes` and `preprocessing`. */
export interface Summary extends RunResult {
  photos: number;
  /** By the index of the network's output. */
  classes: readonly string[];
  preprocessing: typeof PREPROCESSING & { size: number };
  model: { name: 'Xception'; num_classes: number; parameters: number; init: Plan['init'] };
  recipe: Recipe;
  /** Version of libtorch. */
  torch: string;
}

export function resultOf(history: readonly EpochMetrics[], interrupted: boolean): RunResult {
  const last = history.at(-1);
  const evaluated = history.findLast(({ eval_loss }) => eval_loss !== null);
  return {
    interrupted,
    epochs: history.filter(({ complete }) => complete).length,
    steps: history.reduce((sum, { steps }) => sum + steps, 0),
    seconds: last?.seconds ?? 0,
    train_loss: last?.train_loss ?? null,
    train_accuracy: last?.train_accuracy ?? null,
    eval_epoch: evaluated?.epoch ?? null,
    eval_loss: evaluated?.eval_loss ?? null,
    eval_accuracy: evaluated?.eval_accuracy ?? null,
  };
}

export function recipeOf(plan: Plan): Recipe {
  return {
    data: plan.data,
    labels: plan.labels,
    epochs: plan.epochs,
    batch_size: plan.batchSize,
    optimizer: plan.optimizer,
    lr: plan.lr,
    schedule: plan.schedule,
    memory_format: plan.memoryFormat,
    seed: plan.seed,
    device: `${plan.device}`,
    threads: plan.threads,
    eval_every: plan.evalEvery,
    checkpoint_every: plan.checkpointEvery,
  };
}
