import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';

/** What `zero_grad` of modules and optimizers does: drops the gradients, or fills them with zeros in place. */
export function zeroGrad(parameters: Iterable<Tensor>, options: { setToNone?: boolean } = {}): void {
  requireNames(zeroGrad, options, { setToNone: true });
  const { setToNone = true } = options;
  for (const parameter of parameters) {
    const { grad } = parameter;
    if (!grad) continue;
    if (setToNone) {
      parameter.grad = null;
    } else {
      if (grad.gradFn) grad.detach_();
      else grad.requiresGrad_(false);
      grad.zero_();
    }
  }
}
