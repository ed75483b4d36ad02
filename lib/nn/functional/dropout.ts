import { TorchError, ValueError } from '../../errors.js';
import { aten } from '../../operators/ops.js';
import { type Names, requireNames } from '../../options.js';
import { valueText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { warn } from '../../warn.js';

export interface DropoutOptions {
  /** The probability of an element, or a channel, to become zero. */
  p?: number;
  training?: boolean;
  inplace?: boolean;
}

const dropoutNames: Names<DropoutOptions> = { p: true, training: true, inplace: true };

function checkProbability(p: number): void {
  if (p < 0 || p > 1) {
    throw new ValueError(`dropout probability has to be between 0 and 1, but got ${valueText(p)}`);
  }
}

type Form = (input: Tensor, p: number, train: boolean) => Tensor;

function drop(fresh: Form, inPlace: Form, input: Tensor, options: Required<DropoutOptions>): Tensor {
  const { p, training, inplace } = options;
  checkProbability(p);
  return (inplace ? inPlace : fresh)(input, p, training);
}

/** Zeroes elements with probability `p` and scales the others by 1 / (1 − p); draws nothing when p is 0. */
export function dropout(input: Tensor, options: DropoutOptions = {}): Tensor {
  requireNames(dropout, options, dropoutNames);
  const { p = 0.5, training = true, inplace = false } = options;
  return drop(aten.dropout, aten.dropout_, input, { p, training, inplace });
}

/** Keeps mean and variance, for networks of SELUs (Klambauer et al. 2017). */
export function alphaDropout(input: Tensor, options: DropoutOptions = {}): Tensor {
  requireNames(alphaDropout, options, dropoutNames);
  const { p = 0.5, training = false, inplace = false } = options;
  return drop(aten.alphaDropout, aten.alphaDropout_, input, { p, training, inplace });
}

/** Alpha dropout of whole channels. */
export function featureAlphaDropout(input: Tensor, options: DropoutOptions = {}): Tensor {
  requireNames(featureAlphaDropout, options, dropoutNames);
  const { p = 0.5, training = false, inplace = false } = options;
  return drop(aten.featureAlphaDropout, aten.featureAlphaDropout_, input, { p, training, inplace });
}

/** Channels dropped as one; an input without a batch dimension gets one for the call. */
function dropChannels(input: Tensor, batched: boolean, options: DropoutOptions): Tensor {
  const { p = 0.5, training = true, inplace = false } = options;
  checkProbability(p);
  const apply = inplace ? aten.featureDropout_ : aten.featureDropout;
  if (batched) return apply(input, p, training);
  const result = apply(inplace ? input.unsqueeze_(0) : input.unsqueeze(0), p, training);
  return inplace ? result.squeeze_(0) : result.squeeze(0);
}

/** Drops channels of [N, C, L] or [C, L]. */
export function dropout1d(input: Tensor, options: DropoutOptions = {}): Tensor {
  requireNames(dropout1d, options, dropoutNames);
  checkProbability(options.p ?? 0.5);
  const dims = input.dim();
  if (dims !== 2 && dims !== 3) {
    throw new TorchError(
      `dropout1d: Expected 2D or 3D input, but received a ${dims}D input. Note that dropout1d exists to provide ` +
        'channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch ' +
        'dimension (i.e. 2D or 3D inputs).',
    );
  }
  return dropChannels(input, dims === 3, options);
}

function warnOfDims(name: string, dims: number, spatial: number): void {
  warn(
    `${name}: Received a ${dims}-D input to ${name}, which is deprecated and will result in an error in a future ` +
      'release. To retain the behavior and silence this warning, please use dropout instead. Note that ' +
      `${name} exists to provide channel-wise dropout on inputs with ${spatial} spatial dimensions, a channel ` +
      `dimension, and an optional batch dimension (i.e. ${spatial + 1}D or ${spatial + 2}D inputs).`,
  );
}

/** Drops channels of [N, C, H, W]; three dimensions are [N, C, L], as in Python. */
export function dropout2d(input: Tensor, options: DropoutOptions = {}): Tensor {
  requireNames(dropout2d, options, dropoutNames);
  const dims = input.dim();
  if (dims !== 3 && dims !== 4) warnOfDims('dropout2d', dims, 2);
  if (dims === 3) {
    warn(
      'dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired - ' +
        'input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will change in a future ' +
        'release to interpret the input as one without a batch dimension, i.e. shape (C, H, W). To maintain the 1D ' +
        'channel-wise dropout behavior, please switch to using dropout1d instead.',
    );
  }
  return dropChannels(input, true, options);
}

/** Drops channels of [N, C, D, H, W] or [C, D, H, W]. */
export function dropout3d(input: Tensor, options: DropoutOptions = {}): Tensor {
  requireNames(dropout3d, options, dropoutNames);
  const dims = input.dim();
  if (dims !== 4 && dims !== 5) warnOfDims('dropout3d', dims, 3);
  return dropChannels(input, dims === 5, options);
}
