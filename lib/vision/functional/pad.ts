import { tensor } from '../../creation.js';
import { int64 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { ellipsis, slice } from '../../indexing.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { requireNames } from '../../options.js';
import { valueText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { padBoxes } from '../boxes/move.js';
import { imageSize } from './image-size.js';
import { onKind } from './on-kind.js';

/** One number for all sides, `[left and right, top and bottom]`, or `[left, top, right, bottom]`, in pixels. */
export type Padding = number | readonly number[];

/** One number for all channels, or one for each; null is 0. */
export type Fill = number | readonly number[] | null;

/** The border: one value, the outermost pixels, a mirror without them, or a mirror with them. */
export type PaddingMode = 'constant' | 'edge' | 'reflect' | 'symmetric';

export const PADDING_MODES: readonly PaddingMode[] = ['constant', 'edge', 'reflect', 'symmetric'];

export interface PadOptions {
  /** Default 0; used by 'constant' alone. */
  fill?: Fill;
  /** Default 'constant'. */
  paddingMode?: PaddingMode;
}

/** Left, right, top, bottom: the order of `torch.nn.functional.pad`. */
export type Sides = [left: number, right: number, top: number, bottom: number];

/**
 * Adds pixels around an image [..., C, H, W]; negative numbers cut where the mode allows it
 * (torchvision.transforms.v2.functional.pad).
 *
 * @throws ValueError on a padding or mode that makes no sense, and on a fill per channel in another mode than 'constant'
 */
export function pad<T extends Tensor>(image: T, padding: Padding, options: PadOptions = {}): T {
  requireNames(pad, options, { fill: true, paddingMode: true });
  const { fill = 0, paddingMode = 'constant' } = options;
  const sides = paddingSides(padding);
  if (!PADDING_MODES.includes(paddingMode)) {
    throw new ValueError(
      "`paddingMode` should be either `'constant'`, `'edge'`, `'reflect'` or `'symmetric'`, " +
        `but got \`'${paddingMode}'\`.`,
    );
  }
  return scope(() =>
    onKind(image, {
      image: (pixels) => padPixels(pixels, sides, fill, paddingMode),
      mask: (mask) => {
        if (typeof fill === 'object' && fill !== null) {
          throw new ValueError(`Non-scalar fill value is not supported for a mask, got ${valueText(fill)}`);
        }
        return padPixels(mask, sides, fill, paddingMode);
      },
      boxes: (boxes) => {
        if (paddingMode === 'constant') return padBoxes(boxes, sides);
        throw new ValueError(`Padding mode '${paddingMode}' is not supported with bounding boxes`);
      },
    }),
  );
}

function padPixels(image: Tensor, sides: Sides, fill: Fill, mode: PaddingMode): Tensor {
  imageSize(image);
  const values = typeof fill === 'number' ? [fill] : (fill ?? [0]);
  return values.length === 1
    ? padPlain(image, sides, values[0] as number, mode)
    : padPerChannel(image, sides, values, mode);
}

/** @throws ValueError unless the padding is an integer, or 1, 2 or 4 of them */
export function paddingSides(padding: Padding): Sides {
  const given = typeof padding === 'number' ? [padding] : padding;
  if (![1, 2, 4].includes(given.length) || !given.every(Number.isInteger)) {
    throw new ValueError(
      `Padding must be an int or a 1, 2, or 4 element of tuple or list, got ${valueText(padding)}.`,
    );
  }
  const [left, top = left, right = left, bottom = top] = given as [number, number?, number?, number?];
  return [left, right, top, bottom];
}

/** One value on all sides, or no value at all. */
export function padPlain(image: Tensor, sides: Sides, fill: number, mode: PaddingMode): Tensor {
  const leading = image.shape.slice(0, -3);
  const batch = image.reshape([
    leading.reduce((product, size) => product * size, 1),
    ...image.shape.slice(-3),
  ]);
  const padded = KERNELS[mode](batch, sides, fill);
  return padded.reshape([...leading, ...padded.shape.slice(-3)]);
}

const KERNELS: Record<PaddingMode, (batch: Tensor, sides: Sides, fill: number) => Tensor> = {
  constant: (batch, sides, fill) => aten.pad(batch, sides, 'constant', fill),
  edge: (batch, sides) => inFloat32(batch, (image) => aten.pad(image, sides, 'replicate')),
  reflect: (batch, sides) => inFloat32(batch, (image) => aten.pad(image, sides, 'reflect')),
  symmetric: padSymmetric,
};

// Replicating and reflecting kernels know no integers.
function inFloat32(batch: Tensor, kernel: (image: Tensor) => Tensor): Tensor {
  return batch.dtype.isFloatingPoint ? kernel(batch) : kernel(batch.float()).to(batch.dtype);
}

function padSymmetric(batch: Tensor, sides: Sides): Tensor {
  const [left, right, top, bottom] = sides.map((side) => Math.max(side, 0)) as Sides;
  const [cutLeft, cutRight, cutTop, cutBottom] = sides.map((side) => Math.max(-side, 0)) as Sides;
  const [, height, width] = imageSize(batch);
  const cut = batch.index(ellipsis, slice(cutTop, height - cutBottom), slice(cutLeft, width - cutRight));
  const rows = mirrored(cut.size(-2), top, bottom).to(batch.device);
  const columns = mirrored(cut.size(-1), left, right).to(batch.device);
  return cut.index(slice(null), slice(null), rows.unsqueeze(1), columns.unsqueeze(0));
}

function mirrored(length: number, before: number, after: number): Tensor {
  const indices = [
    ...Array.from({ length: before }, (_, i) => before - 1 - i),
    ...Array.from({ length }, (_, i) => i),
    ...Array.from({ length: after }, (_, i) => -(i + 1)),
  ];
  return tensor(indices, { dtype: int64 });
}

function padPerChannel(image: Tensor, sides: Sides, fill: readonly number[], mode: PaddingMode): Tensor {
  if (mode !== 'constant') {
    throw new ValueError(`Padding mode '${mode}' is not supported if fill is not scalar`);
  }
  const padded = padPlain(image, sides, 0, 'constant');
  const value = tensor(fill, { device: image.device }).to(image.dtype).reshape([-1, 1, 1]);
  const [left, right, top, bottom] = sides;
  if (top > 0) padded.indexPut_([ellipsis, slice(top), slice(null)], value);
  if (left > 0) padded.indexPut_([ellipsis, slice(left)], value);
  if (bottom > 0) padded.indexPut_([ellipsis, slice(-bottom, null), slice(null)], value);
  if (right > 0) padded.indexPut_([ellipsis, slice(-right, null)], value);
  return padded;
}
