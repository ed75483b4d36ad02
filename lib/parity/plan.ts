import { resolve } from 'node:path';

import { ValueError } from '../errors.js';
import type { Module } from '../nn/index.js';
import * as optim from '../optim/index.js';
import type { Names } from '../options.js';
import { availableDevice } from '../train/available-device.js';
import { choiceOption, integerOption, positiveOption } from '../train/option-checks.js';

export interface ParityOptions {
  /** Makes the model here; called after the seed is set. */
  model: () => Module | Promise<Module>;
  /** Makes it in Python: `module:function` or `file.py:function`. */
  reference: string;
  /** The interpreter; by default the one whose libtorch the addon is linked with. */
  python?: string;
  seed?: number;
  steps?: number;
  batch?: number;
  /** The shape of one example. */
  input?: readonly number[];
  /** A class of `torch.optim`. */
  optimizer?: string;
  /** Its default where none is given. */
  lr?: number;
  /** On both sides; without it each has its own default, as it would have by itself. */
  threads?: number;
  device?: string;
  memoryFormat?: 'contiguous_format' | 'channels_last';
  /** A state dict for both models. */
  weights?: string;
}

export const parityNames: Names<ParityOptions> = {
  model: true,
  reference: true,
  python: true,
  seed: true,
  steps: true,
  batch: true,
  input: true,
  optimizer: true,
  lr: true,
  threads: true,
  device: true,
  memoryFormat: true,
  weights: true,
};

/** What both sides do, with the names that python/libtorch_node_parity/session.py reads. */
export interface Plan {
  reference: string;
  seed: number;
  steps: number;
  batch: number;
  input: number[];
  optimizer: string;
  lr: number | null;
  threads: number | null;
  device: string;
  memory_format: 'contiguous_format' | 'channels_last';
  weights: string | null;
}

/** @throws ValueError naming an option, its value and what it may be */
export function planOf(options: ParityOptions): Plan {
  const { seed = 0, steps = 3, batch = 4, optimizer = 'SGD', lr, threads, weights } = options;
  const { input = [3, 64, 64], device = 'cpu', memoryFormat = 'contiguous_format' } = options;
  if (input.length === 0) throw new ValueError('input must be the shape of one example, got []');
  for (const size of input) integerOption('each size of input', size, 1);
  return {
    reference: options.reference,
    seed: integerOption('seed', seed, 0),
    steps: integerOption('steps', steps, 1),
    batch: integerOption('batch', batch, 1),
    input: [...input],
    optimizer: choiceOption('optimizer', optimizer, optimizerNames()),
    lr: lr === undefined ? null : positiveOption('lr', lr),
    threads: threads === undefined ? null : integerOption('threads', threads, 1),
    device: availableDevice(device).toString(),
    memory_format: choiceOption('memoryFormat', memoryFormat, ['contiguous_format', 'channels_last']),
    weights: weights === undefined ? null : resolve(weights),
  };
}

/** The classes of `torch.optim` that take a model's parameters and nothing else. */
function optimizerNames(): string[] {
  const known = Object.entries(optim).filter(
    ([, value]) => typeof value === 'function' && value.prototype instanceof optim.Optimizer,
  );
  return known.map(([name]) => name).filter((name) => name !== 'LBFGS' && name !== 'SparseAdam');
}
