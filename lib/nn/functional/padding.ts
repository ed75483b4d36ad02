import { aten } from '../../operators/ops.js';
import { requireOptions } from '../../options.js';
import type { Tensor } from '../../tensor.js';

export type PaddingMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/** `padding` starts from the last dimension: [left, right, top, bottom]. `value` is for 'constant'. */
export function pad(
  input: Tensor,
  padding: readonly number[],
  options: { mode?: PaddingMode; value?: number | null } = {},
): Tensor {
  requireOptions(pad, options);
  const { mode = 'constant', value } = options;
  return aten.pad(input, padding, mode, value);
}
