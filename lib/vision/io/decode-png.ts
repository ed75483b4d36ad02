import { int32, uint16 } from '../../dtype.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import type { ImageReadMode } from './image-read-mode.js';
import { asGrey, type PngHeader, pngHeader } from './png-header.js';
import { madeOf, rawPixels } from './raw-pixels.js';

/**
 * The pixels [H, W, C] of a PNG, uint16 for 16 bits. A palette gives its colours, in 'unchanged' their numbers. A
 * single colour that is declared transparent is not.
 */
export async function decodePng(bytes: Uint8Array, name: string, mode: ImageReadMode): Promise<Tensor> {
  const header = pngHeader(bytes);
  if (mode === 'unchanged' && header.colours === 'palette') return paletteIndices(bytes, name, header);
  const isWide = header.bitDepth === 16;
  const wanted = mode === 'unchanged' ? unchangedMode(header) : mode;
  const isGrey = header.colours === 'grey' && wanted.startsWith('gray');
  const wantsAlpha = wanted.endsWith('_alpha');
  // Grey with alpha is asked for as RGB: sharp's 8 bit grey has none.
  const narrowGrey = isGrey && !(wantsAlpha && header.alpha) ? 'b-w' : 'srgb';
  const colours = isWide ? (isGrey ? 'grey16' : 'rgb16') : narrowGrey;
  const alpha = wantsAlpha && header.alpha ? 'keep' : 'remove';
  const pixels = await rawPixels(bytes, name, { colours, alpha });
  return madeOf(pixels, () => {
    const colour = wanted.startsWith('gray') ? greyOf(pixels) : pixels.narrow(-1, 0, 3);
    if (!wantsAlpha) return colour.contiguous();
    const opaque = alpha === 'keep' ? pixels.narrow(-1, pixels.size(-1) - 1, 1) : opaqueLike(colour);
    return aten.cat([colour, opaque], -1);
  });
}

function unchangedMode({ colours, alpha }: PngHeader): ImageReadMode {
  if (colours === 'grey') return alpha ? 'gray_alpha' : 'gray';
  return alpha ? 'rgb_alpha' : 'rgb';
}

// Less than 8 bits are spread out to 0 to 255 on the way.
async function paletteIndices(bytes: Uint8Array, name: string, { bitDepth }: PngHeader): Promise<Tensor> {
  const spread = await rawPixels(asGrey(bytes), name, { colours: 'b-w', alpha: 'remove' });
  const step = 255 / ((1 << bitDepth) - 1);
  return step === 1 ? spread : madeOf(spread, () => spread.div(step, { roundingMode: 'floor' }));
}

// The weights 0.2989 and 0.587 in 15 bits, as libpng adds them up: rounded down for 8 bits, to nearest for 16.
function greyOf(pixels: Tensor): Tensor {
  if (pixels.size(-1) < 3) return pixels.narrow(-1, 0, 1);
  const { dtype } = pixels;
  const [red, green, blue] = pixels.to(int32).unbind(-1) as [Tensor, Tensor, Tensor];
  const sum = red.mul(9794).add(green.mul(19234)).add(blue.mul(3740));
  const half = dtype === uint16 ? 1 << 14 : 0;
  return sum.add(half).bitwiseRightShift(15).to(dtype).unsqueeze(-1);
}

function opaqueLike(colour: Tensor): Tensor {
  const [height, width] = colour.shape as [number, number];
  const { dtype } = colour;
  return aten.full([height, width, 1], dtype === uint16 ? 65535 : 255, { dtype });
}
