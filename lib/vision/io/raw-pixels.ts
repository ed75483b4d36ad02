import { tensor } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import type { Tensor } from '../../tensor.js';

/** How sharp hands out pixels: the colour space of the channels, and of those that count. */
export interface RawOptions {
  colours: 'srgb' | 'b-w' | 'cmyk' | 'rgb16' | 'grey16';
  alpha: 'keep' | 'remove';
}

// The ICC profile and the EXIF orientation are not applied, as in torchvision's decode_image and in Pillow.
// Any warning of the decoder is an error: libjpeg fills the rest of a cut off photo with grey and only warns.
const SHARP_OPTIONS = { ignoreIcc: true, autoOrient: false, failOn: 'warning' } as const;

/**
 * The pixels of an image file as a tensor [height, width, channels], uint8, or uint16 for the colours with 16 bits.
 *
 * @throws ValueError naming the file when it is no image or is cut off
 */
export async function rawPixels(bytes: Uint8Array, name: string, options: RawOptions): Promise<Tensor> {
  // Loaded with the first image: who decodes none does not wait for it.
  const { default: sharp } = await import('sharp');
  const { colours, alpha } = options;
  const isWide = colours.endsWith('16');
  const image = sharp(bytes, SHARP_OPTIONS);
  // Without this, CMYK would pass through RGB on its way.
  if (colours === 'cmyk') image.pipelineColourspace('cmyk');
  image.toColourspace(colours);
  if (alpha === 'remove') image.removeAlpha();
  const { data, info } = await image
    .raw({ depth: isWide ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => fail(name, error));
  const { buffer, byteOffset, byteLength } = data;
  const pixels = isWide
    ? new Uint16Array(buffer.slice(byteOffset, byteOffset + byteLength))
    : new Uint8Array(buffer, byteOffset, byteLength);
  return tensor(pixels).view([info.height, info.width, info.channels]);
}

/** What `make` computes of decoded pixels, which are let go. */
export function madeOf(pixels: Tensor, make: () => Tensor): Tensor {
  const made = scope(make);
  if (made !== pixels) pixels.dispose();
  return made;
}

/** The EXIF orientation, 1 to 8, where the file has one. */
export async function orientationOf(bytes: Uint8Array, name: string): Promise<number> {
  const { default: sharp } = await import('sharp');
  const { orientation = 1 } = await sharp(bytes, SHARP_OPTIONS)
    .metadata()
    .catch((error: unknown) => fail(name, error));
  return orientation;
}

function fail(name: string, error: unknown): never {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  const isImage = !/unsupported image format/.test(reason ?? '');
  const what = isImage
    ? `the image is cut off or damaged (${reason}); get the file again or remove it`
    : 'it is not an image in a format that can be read (JPEG, PNG, WebP, TIFF, GIF, AVIF)';
  throw new ValueError(`cannot decode ${name}: ${what}`, { cause: error });
}
