import { tensor } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { isTensor, type Tensor } from '../../tensor.js';

type Pixels = Uint8Array | Uint8ClampedArray | Uint16Array | Float32Array;

/** Pixels in rows, channel by channel: what sharp's `raw().toBuffer({ resolveWithObject: true })` gives, or an ImageData. */
export type RawImage =
  | { data: Pixels; info: { width: number; height: number; channels: number } }
  | { data: Pixels; width: number; height: number };

/**
 * An image [C, H, W] of raw pixels, copied, or of a tensor [H, W]; a tensor with channels is given back
 * (torchvision.transforms.v2.functional.to_image).
 *
 * @throws ValueError when the pixels do not fill the image, or the tensor has fewer than two dimensions
 */
export function toImage(source: Tensor | RawImage): Tensor {
  if (!isTensor(source)) return fromRaw(source);
  if (source.dim() < 2) {
    throw new ValueError(`an image has two dimensions or more, but the tensor has ${source.dim()}`);
  }
  return source.dim() === 2 ? source.unsqueeze(0) : source;
}

export function isRawImage(value: unknown): value is RawImage {
  return typeof value === 'object' && value !== null && 'data' in value && ArrayBuffer.isView(value.data);
}

function fromRaw(source: RawImage): Tensor {
  const { data } = source;
  const { width, height } = 'info' in source ? source.info : source;
  const channels = 'info' in source ? source.info.channels : data.length / (width * height);
  if (!Number.isInteger(channels) || data.length !== width * height * channels) {
    throw new ValueError(
      `an image of ${width} x ${height} pixels with ${channels} channels does not have ${data.length} values`,
    );
  }
  const pixels = data instanceof Uint8ClampedArray ? new Uint8Array(data) : data;
  return scope(() => tensor(pixels).view([height, width, channels]).permute([2, 0, 1]).contiguous());
}
