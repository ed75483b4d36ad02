// checkpoint.pt: everything that a run needs to go on to the same bits. Python's torch.load opens it too.

import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { ValueError } from '../errors.js';
import { camelToSnake, snakeToCamel } from '../names.js';
import type { StateDict } from '../nn/index.js';
import { load, save } from '../serialization/index.js';
import { isTensor, type Tensor } from '../tensor.js';
import type { Training } from './loop.js';
import type { EpochMetrics } from './metrics.js';
import type { OverfitOptions, Plan } from './options.js';
import type { Position } from './position.js';
import type { TallySums } from './tally.js';

export const CHECKPOINT = 'checkpoint.pt';

type Dict = ReadonlyMap<string, unknown>;

/** A checkpoint as it was read. */
export interface Checkpoint {
  readonly path: string;
  /** Those of the run, `out` included: the folder that the file lies in. */
  readonly options: OverfitOptions;
  /** {@link fingerprint} of the photos. */
  readonly photos: string;
  readonly position: Position;
  readonly model: StateDict;
  readonly optimizer: Dict;
  readonly scheduler: Dict;
}

/** Tells whether photos are the same: SHA-256 of what the network is given, and of the classes. */
export function fingerprint(photos: Tensor, targets: readonly number[]): string {
  const pixels = photos.typedArray();
  const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return createHash('sha256').update(bytes).update(targets.join()).digest('hex');
}

/** Replaces checkpoint.pt in a folder. Throws TorchError naming it when it cannot be written. */
export function saveCheckpoint(
  folder: string,
  training: Training,
  position: Position,
  run: { plan: Plan; photos: string },
): void {
  const { model, optimizer, scheduler } = training;
  const { out: _, device, data, ...options } = run.plan;
  const { epoch, lr, seconds, history } = position;
  save(
    {
      model: model.stateDict(),
      optimizer: optimizer.stateDict(),
      scheduler: scheduler.stateDict(),
      rng_state: position.rng,
      epoch_rng_state: position.epochRng,
      ...{ epoch, lr, tally: position.tally, epoch_seconds: position.epochSeconds, seconds, history },
      options: renamed({ ...options, device: `${device}`, data: resolve(data) }, camelToSnake),
      photos: run.photos,
    },
    join(folder, CHECKPOINT),
  );
}

/**
 * Reads the checkpoint of a run, from its folder or by its own path.
 *
 * @throws ValueError when there is none, or the file is something else
 */
export function loadCheckpoint(run: string): Checkpoint {
  const path = existsSync(run) && statSync(run).isDirectory() ? join(run, CHECKPOINT) : run;
  if (!existsSync(path)) {
    throw new ValueError(
      `there is no ${path} to resume: a run writes it when it is stopped, and removes it when it is complete`,
    );
  }
  const dict = load<Dict>(path, { mapLocation: 'cpu' });
  const { position, ...rest } = dict instanceof Map ? partsOf(dict) : {};
  if (!position || !rest.options) {
    throw new ValueError(
      `${path} is not a checkpoint that overfit wrote; give the out folder of a run that was stopped`,
    );
  }
  return { path, ...rest, options: { ...rest.options, out: dirname(path) }, position } as Checkpoint;
}

/** Puts a new training into the state of the checkpoint. */
export function restore({ model, optimizer, scheduler }: Training, checkpoint: Checkpoint): void {
  model.loadStateDict(checkpoint.model);
  // After the scheduler was made, which overwrites the learning rate.
  optimizer.loadStateDict(checkpoint.optimizer);
  scheduler.loadStateDict(checkpoint.scheduler);
}

function partsOf(dict: Dict): Partial<Checkpoint> {
  const [rng, epochRng, options] = ['rng_state', 'epoch_rng_state', 'options'].map((key) => dict.get(key));
  if (!isTensor(rng) || !isTensor(epochRng) || !(options instanceof Map)) return {};
  const value = (key: string) => dict.get(key) as never;
  return {
    options: renamed(Object.fromEntries(options), snakeToCamel) as OverfitOptions,
    position: {
      ...{ epoch: value('epoch'), lr: value('lr'), seconds: value('seconds'), rng, epochRng },
      tally: Object.fromEntries(value('tally')) as TallySums,
      epochSeconds: value('epoch_seconds'),
      history: (value('history') as Dict[]).map(
        (line) => Object.fromEntries(line) as unknown as EpochMetrics,
      ),
    },
    ...{ photos: value('photos'), model: value('model') },
    ...{ optimizer: value('optimizer'), scheduler: value('scheduler') },
  };
}

function renamed(values: object, rename: (name: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]));
}
