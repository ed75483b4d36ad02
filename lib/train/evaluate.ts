import { setImmediate } from 'node:timers/promises';

import { noGrad } from '../autograd/index.js';
import { scope } from '../memory.js';
import { functional } from '../nn/index.js';
import { requireNames } from '../options.js';
import type { Batches, Training } from './loop.js';
import { correctOf, Tally } from './tally.js';

/**
 * A pass in eval mode: BatchNorm uses its running statistics, which lag behind the weights for some epochs. Changes
 * nothing. Null when the signal was aborted before the end.
 */
export async function evaluate(
  training: Pick<Training, 'model' | 'toInput'>,
  batches: Batches,
  options: { signal?: AbortSignal } = {},
): Promise<Tally | null> {
  requireNames(evaluate, options, { signal: true });
  const { signal } = options;
  const { model, toInput } = training;
  const tally = new Tally();
  model.eval();
  for await (const [photos, targets] of batches) {
    scope(() =>
      noGrad(() => {
        const inputs = toInput(photos);
        const expected = targets.to(inputs.device);
        const logits = model.forward(inputs);
        const loss = functional.crossEntropy(logits, expected).item() as number;
        tally.add(photos.size(0), loss, correctOf(logits, expected));
      }),
    );
    photos.dispose();
    targets.dispose();
    await setImmediate();
    if (signal?.aborted) return null;
  }
  return tally;
}
