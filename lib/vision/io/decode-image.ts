import { readFile } from 'node:fs/promises';

import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { decodeJpeg } from './decode-jpeg.js';
import { decodePng } from './decode-png.js';
import { orient } from './exif-orientation.js';
import { checkMode, type ImageReadMode, refuseMode } from './image-read-mode.js';
import { madeOf, orientationOf, rawPixels } from './raw-pixels.js';

export interface DecodeImageOptions {
  /** Default 'rgb'; torchvision's own default is 'unchanged'. */
  mode?: ImageReadMode;
  /** Turn a JPEG or PNG as its camera was held. Default false. */
  applyExifOrientation?: boolean;
}

/**
 * Reads an image file as a tensor [channels, height, width], uint8, or uint16 for a PNG with 16 bits. Pixels and
 * memory layout (rows of RGB triples) of JPEG, PNG, WebP and GIF are those of torchvision.io.decode_image.
 *
 * - 'rgb': grey is repeated, alpha dropped, CMYK multiplied out; ICC profiles are not applied.
 * - 'gray': the brightness that the JPEG stores, or the weighted sum that libpng makes.
 * - 'gray_alpha', 'rgb_alpha': opaque where the file has no alpha; not for JPEG.
 * - 'unchanged': the channels of the file, CMYK as it is stored, a PNG's palette as the numbers of its colours.
 *
 * WebP knows 'rgb', 'rgb_alpha' and 'unchanged'; GIF, TIFF and AVIF 'rgb' and 'unchanged', both 8 bits.
 *
 * @param source a path, or the bytes of the file
 * @throws ValueError naming the file when it cannot be read, is no image, is cut off, or has no such mode
 */
export async function decodeImage(
  source: string | Uint8Array,
  options: DecodeImageOptions = {},
): Promise<Tensor> {
  requireNames(decodeImage, options, { mode: true, applyExifOrientation: true });
  const { mode = 'rgb', applyExifOrientation = false } = options;
  checkMode(mode);
  const name = typeof source === 'string' ? source : 'the given bytes';
  const bytes = typeof source === 'string' ? await read(source) : source;
  if (bytes.length === 0) throw new ValueError(`cannot decode ${name}: the file is empty`);
  const format = formatOf(bytes);
  const pixels = await DECODERS[format](bytes, name, mode);
  const isTurned = applyExifOrientation && (format === 'jpeg' || format === 'png');
  const orientation = isTurned ? await orientationOf(bytes, name) : 1;
  return scope(() => orient(pixels.permute([2, 0, 1]), orientation));
}

type Format = 'jpeg' | 'png' | 'webp' | 'other';
type Decoder = (bytes: Uint8Array, name: string, mode: ImageReadMode) => Promise<Tensor>;

const DECODERS: Record<Format, Decoder> = {
  jpeg: decodeJpeg,
  png: decodePng,
  webp: decodeWebp,
  other: async (bytes, name, mode) => {
    if (mode !== 'rgb' && mode !== 'unchanged') refuseMode(mode, 'GIF, TIFF and AVIF', 'unchanged or rgb');
    return rawPixels(bytes, name, { colours: 'srgb', alpha: 'remove' });
  },
};

async function decodeWebp(bytes: Uint8Array, name: string, mode: ImageReadMode): Promise<Tensor> {
  if (mode.startsWith('gray')) refuseMode(mode, 'WebP', 'unchanged, rgb or rgb_alpha');
  const alpha = mode === 'rgb' ? 'remove' : 'keep';
  const pixels = await rawPixels(bytes, name, { colours: 'srgb', alpha });
  if (mode !== 'rgb_alpha' || pixels.size(-1) === 4) return pixels;
  return madeOf(pixels, () => aten.constantPadNd(pixels, [0, 1], 255));
}

function formatOf(bytes: Uint8Array): Format {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('\x89PNG')) return 'png';
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'webp' : 'other';
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ValueError(`cannot read image ${path}: ${(error as Error).message}`, { cause: error });
  }
}
