// Torch 7's normalisation across channels, by PyTorch's own operations in their order (nn/modules/_functions.py).

import { AutogradFunction, type FunctionContext } from '../autograd/custom-function.js';
import { ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireKnown } from '../options.js';
import { valueText } from '../python-text.js';
import type { Real } from '../scalar.js';
import type { Tensor } from '../tensor.js';
import { Module } from './module.js';
import type { LocalResponseNormOptions } from './normalization.js';

type Sizes = readonly [batch: number, channels: number, height: number, width: number];

const emptyLike = ({ shape, dtype, device }: Tensor) => aten.empty(shape, { dtype, device });

/** k + alpha / size · the sum of squares of the neighbouring channels, each sum from the one before it. */
function scales(squares: Tensor, size: number, alpha: number, k: Real): Tensor {
  const channels = squares.size(1);
  const before = Math.trunc((size - 1) / 2 + 1);
  const scale = emptyLike(squares);
  const first = scale.select(1, 0).zero_();
  for (let c = 0; c < Math.min(before, channels); c++) first.add_(squares.select(1, c));
  for (let c = 1; c < channels; c++) {
    const current = scale.select(1, c).copy_(scale.select(1, c - 1));
    if (c < channels - before + 1) current.add_(squares.select(1, c + before - 1), { alpha: 1 });
    if (c > before) current.add_(squares.select(1, c - before), { alpha: -1 });
  }
  return scale.mul_(alpha / size).add_(k);
}

interface Settings {
  size: number;
  alpha: number;
  beta: number;
}

class CrossMapNormalization extends AutogradFunction {
  static forward(
    context: FunctionContext & Partial<Settings>,
    input: Tensor,
    size: number,
    alpha: number,
    beta: number,
    k: Real,
  ): Tensor {
    Object.assign(context, { size, alpha, beta });
    if (input.dim() !== 4) {
      throw new ValueError(`CrossMapLRN2d: Expected input to be 4D, got ${input.dim()}D instead.`);
    }
    const [output, scale] = scope(() => {
      const squares = aten.pow(input, 2, { out: emptyLike(input) });
      const scale = scales(squares, size, alpha, k);
      return [aten.pow(scale, -beta, { out: squares }).mul_(input), scale] as const;
    });
    context.saveForBackward(input, output, scale);
    return output;
  }

  static override backward(context: FunctionContext & Settings, gradOutput: Tensor): (Tensor | null)[] {
    const [input, output, scale] = context.savedTensors as [Tensor, Tensor, Tensor];
    const { size, alpha, beta } = context;
    const { dtype, device } = input;
    const [batch, channels, height, width] = input.shape as unknown as Sizes;
    const gradInput = scope(() => {
      const grad = aten.pow(scale, -beta, { out: emptyLike(input) }).mul_(gradOutput);
      const padded = aten.empty([channels + size - 1, height, width], { dtype, device }).zero_();
      const centre = padded.narrow(0, Math.trunc(size - (size - 1) / 2), channels);
      const ratio = aten.empty([height, width], { dtype, device });
      const factor = (2 * alpha * beta) / size;
      for (let n = 0; n < batch; n++) {
        const [images, gradients] = [input.select(0, n), grad.select(0, n)];
        aten.mul(gradOutput.select(0, n), output.select(0, n), { out: centre });
        centre.div_(scale.select(0, n));
        aten.sum(padded.narrow(0, 0, size - 1), 0, { keepdim: false, out: ratio });
        for (let c = 0; c < channels; c++) {
          ratio.add_(padded.select(0, c + size - 1));
          gradients.select(0, c).addcmul_(images.select(0, c), ratio, { value: -factor });
          ratio.add_(padded.select(0, c), { alpha: -1 });
        }
      }
      return grad;
    });
    return [gradInput, null, null, null, null];
  }
}

/** Divides by the energy of `size` neighbouring channels, [N, C, H, W]; LocalResponseNorm is the newer one. */
export class CrossMapLRN2d extends Module {
  readonly alpha: Real;
  readonly beta: Real;
  readonly k: Real;

  constructor(
    readonly size: number,
    options: LocalResponseNormOptions = {},
  ) {
    const { alpha = 1e-4, beta = 0.75, k = 1, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  override forward(input: Tensor): Tensor {
    return CrossMapNormalization.apply(input, this.size, +this.alpha, +this.beta, this.k);
  }

  override extraRepr(): string {
    const { size, alpha, beta, k } = this;
    return `${size}, alpha=${valueText(alpha)}, beta=${valueText(beta)}, k=${valueText(k)}`;
  }
}
