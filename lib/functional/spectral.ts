import { TorchError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { floorDiv } from '../python-number.js';
import type { Tensor } from '../tensor.js';

export interface StftOptions {
  /** Samples between windows, nFft // 4 if not given. */
  hopLength?: number | null;
  winLength?: number | null;
  window?: Tensor | null;
  /** The input is padded, so that a window's middle is at its sample. */
  center?: boolean;
  padMode?: string;
  normalized?: boolean;
  onesided?: boolean | null;
  returnComplex?: boolean | null;
  alignToWindow?: boolean | null;
}

/** The short-time Fourier transform of [L] or [N, L]. */
export function stft(input: Tensor, nFft: number, options: StftOptions = {}): Tensor {
  requireNames(stft, options, {
    hopLength: true,
    winLength: true,
    window: true,
    center: true,
    padMode: true,
    normalized: true,
    onesided: true,
    returnComplex: true,
    alignToWindow: true,
  });
  const { hopLength = null, winLength = null, window = null, center = true, padMode = 'reflect' } = options;
  const { normalized = false, onesided = null, returnComplex = null, alignToWindow = null } = options;
  if (center && alignToWindow !== null) {
    throw new TorchError('stft align_to_window should only be set when center = false');
  }
  return scope(() => {
    const { shape } = input;
    const side = floorDiv(nFft, 2);
    const padded = () => {
      const flat = aten.pad(
        input.view([...new Array(3 - shape.length).fill(1), ...shape]),
        [side, side],
        padMode,
      );
      return flat.view(flat.shape.slice(-shape.length));
    };
    return aten.stft(
      center ? padded() : input,
      nFft,
      hopLength,
      winLength,
      window,
      normalized,
      onesided,
      returnComplex,
      alignToWindow,
    );
  });
}
