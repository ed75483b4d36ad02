// The parts of a training, as a plan says.

import { channelsLast, contiguousFormat } from '../memory-format.js';
import { Xception } from '../models/index.js';
import { Adam, lrScheduler, type Optimizer, SGD } from '../optim/index.js';
import type { Training } from './loop.js';
import type { Plan } from './options.js';
import { networkInput } from './photo-input.js';

export function makeModel({ init, device, memoryFormat }: Plan, numClasses: number): Xception {
  const format = memoryFormat === 'channels_last' ? channelsLast : contiguousFormat;
  return new Xception({ numClasses, init }).to({ device, memoryFormat: format });
}

/** @param steps optimizer steps of the whole run */
export function makeTraining(plan: Plan, model: Xception, steps: number): Training {
  const optimizer = makeOptimizer(plan, model);
  return {
    model,
    optimizer,
    scheduler: makeScheduler(plan, optimizer, steps),
    toInput: (photos) => networkInput(photos, plan),
  };
}

function makeOptimizer({ optimizer, lr }: Plan, model: Xception): Optimizer {
  return optimizer === 'adam'
    ? new Adam(model.parameters(), { lr })
    : new SGD(model.parameters(), { lr, momentum: 0.9 });
}

/** Stepped after every optimizer step. */
function makeScheduler({ schedule }: Plan, optimizer: Optimizer, steps: number): lrScheduler.LRScheduler {
  if (schedule === 'cosine') return new lrScheduler.CosineAnnealingLR(optimizer, steps);
  if (schedule === 'step') return new lrScheduler.StepLR(optimizer, Math.ceil(steps / 3));
  return new lrScheduler.LambdaLR(optimizer, () => 1);
}
