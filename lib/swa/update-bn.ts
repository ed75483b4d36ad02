import { noGrad } from '../autograd/index.js';
import type { DeviceLike } from '../device.js';
import { scope } from '../memory.js';
import { BatchNorm } from '../nn/batchnorm.js';
import type { Module } from '../nn/module.js';
import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';

type Batch = Tensor | readonly [Tensor, ...unknown[]];

/**
 * Computes the running statistics of a model's batch norms anew, in one pass over the data (update_bn). A batch is the
 * input, or a list that begins with it.
 */
export async function updateBn(
  loader: Iterable<Batch> | AsyncIterable<Batch>,
  model: Module,
  options: { device?: DeviceLike | null } = {},
): Promise<void> {
  requireNames(updateBn, options, { device: true });
  const { device } = options;
  const norms = model.modules().filter((module): module is BatchNorm => module instanceof BatchNorm);
  if (norms.length === 0) return;
  const momenta = norms.map(({ momentum }) => momentum);
  const { training } = model;
  model.train();
  noGrad(() => {
    for (const norm of norms) {
      norm.resetRunningStats();
      Object.assign(norm, { momentum: null });
    }
  });
  try {
    for await (const batch of loader) {
      const input = (Array.isArray(batch) ? batch[0] : batch) as Tensor;
      noGrad(() => scope(() => void model.forward((device ? input.to({ device }) : input) as never)));
    }
  } finally {
    for (const [index, norm] of norms.entries()) Object.assign(norm, { momentum: momenta[index] });
    model.train(training);
  }
}
