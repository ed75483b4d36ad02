import { aten } from '../../ops.js';
import type { Tensor } from '../../tensor.js';

export type PaddingMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/** `padding` starts from the last dimension: [left, right, top, bottom]. `value` is for 'constant'. */
export function pad(
  input: Tensor,
  padding: readonly number[],
  { mode = 'constant', value }: { mode?: PaddingMode; value?: number | null } = {},
): Tensor {
  return aten.pad(input, padding, mode, value);
}
