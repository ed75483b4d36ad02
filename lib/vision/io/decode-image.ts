import { readFile } from 'node:fs/promises';

import { tensor } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import type { Tensor } from '../../tensor.js';

// The ICC profile and the EXIF orientation are not applied, as in torchvision's decode_image and in Pillow.
// Any warning of the decoder is an error: libjpeg fills the rest of a cut off photo with grey and only warns.
const SHARP_OPTIONS = { ignoreIcc: true, autoOrient: false, failOn: 'warning' } as const;

/**
 * Reads an image file (JPEG, PNG, WebP, TIFF, GIF, AVIF) as a uint8 tensor [3, height, width], RGB; grey is
 * repeated, alpha is dropped. The pixels of JPEG, PNG, WebP and GIF are those of torchvision.io.decode_image, and so
 * is the memory layout (rows of RGB triples); but CMYK goes through a colour profile, and 16 bits are cut to 8.
 *
 * @param source a path, or the bytes of the file
 * @throws ValueError naming the file when it cannot be read, is no image, or is cut off
 */
export async function decodeImage(source: string | Uint8Array): Promise<Tensor> {
  const name = typeof source === 'string' ? source : 'the given bytes';
  const bytes = typeof source === 'string' ? await read(source) : source;
  if (bytes.length === 0) throw new ValueError(`cannot decode ${name}: the file is empty`);
  // Loaded with the first image: who decodes none does not wait for it.
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(bytes, SHARP_OPTIONS)
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => fail(name, error));
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return scope(() => tensor(pixels).view([info.height, info.width, 3]).permute([2, 0, 1]));
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ValueError(`cannot read image ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function fail(name: string, error: unknown): never {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  const isImage = !/unsupported image format/.test(reason ?? '');
  const what = isImage
    ? `the image is cut off or damaged (${reason}); get the file again or remove it`
    : 'it is not an image in a format that can be read (JPEG, PNG, WebP, TIFF, GIF, AVIF)';
  throw new ValueError(`cannot decode ${name}: ${what}`, { cause: error });
}
