import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { valueText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';

type Sizes = number | readonly number[];

export interface MaxUnpoolOptions {
  /** The kernel size, if not given. */
  stride?: Sizes | null;
  padding?: Sizes;
  /** Where several sizes pool to the same one; with or without batch and channel. */
  outputSize?: readonly number[] | null;
}

const maxUnpoolNames: Names<MaxUnpoolOptions> = { stride: true, padding: true, outputSize: true };

/** The default output size for each spatial dimension, and Python's checks of one that is asked for. */
function sizeOf(
  input: Tensor,
  kernel: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
  asked: readonly number[] | null | undefined,
): number[] {
  const spatial = input.shape.slice(-kernel.length);
  const smallest = kernel.map(
    (k, d) => ((spatial[d] as number) - 1) * (stride[d] as number) + k - 2 * (padding[d] as number),
  );
  const size = asked?.length === kernel.length + 2 ? asked.slice(2) : asked;
  if (size) {
    if (size.length !== kernel.length) {
      throw new ValueError(
        `output_size should be a sequence containing ${kernel.length} or ${kernel.length + 2} elements, but it has a length of '${size.length}'`,
      );
    }
    size.forEach((s, d) => {
      const [min, max] = [
        (smallest[d] as number) - (stride[d] as number),
        (smallest[d] as number) + (stride[d] as number),
      ];
      if (min < s && s < max) return;
      throw new ValueError(
        `invalid output_size "${valueText(size)}" (dim ${d} must be between ${min} and ${max})`,
      );
    });
  }
  const result = [...(size ?? smallest)];
  const negative = result.findIndex((s) => s < 0);
  if (negative < 0) return result;
  throw new ValueError(
    `max_unpooling: output_size must contain non-negative spatial dimensions, but got output_size[${negative}]=${result[negative]}`,
  );
}

type Kernel = (
  input: Tensor,
  indices: Tensor,
  size: number[],
  stride: readonly number[],
  padding: readonly number[],
) => Tensor;

function unpool(dims: number, kernel: Kernel) {
  const owner = { name: `maxUnpool${dims}d` };
  const all = (sizes: Sizes) => (typeof sizes === 'number' ? new Array<number>(dims).fill(sizes) : sizes);
  return (input: Tensor, indices: Tensor, kernelSize: Sizes, options: MaxUnpoolOptions = {}): Tensor => {
    requireNames(owner, options, maxUnpoolNames);
    const window = all(kernelSize);
    const [stride, padding] = [all(options.stride ?? window), all(options.padding ?? 0)];
    const size = sizeOf(input, window, stride, padding, options.outputSize);
    return kernel(input, indices, size, stride, padding);
  };
}

/** Puts maxima back to where `indices` of the pooling say they were, zeros elsewhere. */
export const maxUnpool1d = unpool(1, (input, indices, size) =>
  scope(() => aten.maxUnpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), [...size, 1]).squeeze(-1)),
);
export const maxUnpool2d = unpool(2, (input, indices, size) => aten.maxUnpool2d(input, indices, size));
export const maxUnpool3d = unpool(3, aten.maxUnpool3d as Kernel);
