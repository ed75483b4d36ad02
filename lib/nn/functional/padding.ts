import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';

export type PaddingMode = 'constant' | 'reflect' | 'replicate' | 'circular';

export interface PadOptions {
  mode?: PaddingMode;
  /** 0, if not given; for 'constant'. */
  value?: number | null;
}

const padNames: Names<PadOptions> = { mode: true, value: true };

/** `padding` starts from the last dimension: [left, right, top, bottom]. */
export function pad(input: Tensor, padding: readonly number[], options: PadOptions = {}): Tensor {
  requireNames(pad, options, padNames);
  const { mode = 'constant', value } = options;
  return aten.pad(input, padding, mode, value);
}
