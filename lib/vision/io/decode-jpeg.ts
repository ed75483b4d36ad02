import { int32, uint8 } from '../../dtype.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { type ImageReadMode, refuseMode } from './image-read-mode.js';
import { jpegColours, withoutColourTransform } from './jpeg-segments.js';
import { madeOf, rawPixels } from './raw-pixels.js';

/** The pixels [H, W, C] of a JPEG: 1 channel in 'gray', 3 in 'rgb', 1, 3 or 4 (CMYK) in 'unchanged'. */
export async function decodeJpeg(bytes: Uint8Array, name: string, mode: ImageReadMode): Promise<Tensor> {
  if (mode === 'gray_alpha' || mode === 'rgb_alpha') refuseMode(mode, 'JPEG', 'unchanged, gray or rgb');
  const { components, ycc } = jpegColours(bytes);
  if (components === 4) return fromCmyk(await cmyk(bytes, name), mode);
  if (components === 1 && mode !== 'rgb') return rawPixels(bytes, name, { colours: 'b-w', alpha: 'remove' });
  const isLuma = mode === 'gray' && ycc;
  const source = isLuma ? withoutColourTransform(bytes) : bytes;
  const pixels = await rawPixels(source, name, { colours: 'srgb', alpha: 'remove' });
  if (mode !== 'gray') return pixels;
  return madeOf(pixels, () => (isLuma ? pixels.narrow(-1, 0, 1).contiguous() : grey(pixels)));
}

// libvips turns CMYK around; libjpeg leaves it as it is stored.
async function cmyk(bytes: Uint8Array, name: string): Promise<Tensor> {
  const pixels = await rawPixels(bytes, name, { colours: 'cmyk', alpha: 'keep' });
  return madeOf(pixels, () => pixels.bitwiseNot());
}

function fromCmyk(pixels: Tensor, mode: ImageReadMode): Tensor {
  if (mode === 'unchanged') return pixels;
  return madeOf(pixels, () => (mode === 'gray' ? grey(inked(pixels)) : inked(pixels)));
}

// What black leaves of each colour, divided by 255 with rounding as Pillow divides.
function inked(pixels: Tensor): Tensor {
  const wide = pixels.to(int32);
  const black = wide.narrow(-1, 3, 1);
  const product = aten
    .rsub(wide.narrow(-1, 0, 3), 255)
    .mul(black)
    .add(128);
  const taken = product.bitwiseRightShift(8).add(product).bitwiseRightShift(8);
  return black.sub(taken).clamp(0, 255).to(uint8);
}

// libjpeg's weights in 16 bits.
function grey(pixels: Tensor): Tensor {
  const [red, green, blue] = pixels.to(int32).unbind(-1) as [Tensor, Tensor, Tensor];
  const sum = red.mul(19595).add(green.mul(38470)).add(blue.mul(7471)).add(32768);
  return sum.bitwiseRightShift(16).to(uint8).unsqueeze(-1);
}
