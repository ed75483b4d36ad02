// From image files to what the network sees; training, evaluation and prediction share it.

import type { DeviceLike } from '../device.js';
import { float32, uint8 } from '../dtype.js';
import { scope } from '../memory.js';
import { channelsLast, contiguousFormat } from '../memory-format.js';
import { aten } from '../operators/ops.js';
import type { Tensor } from '../tensor.js';
import { centerCrop, decodeImage, resize, toDtype } from '../vision/index.js';
import type { Plan } from './options.js';

/** What {@link readPhotos} and {@link networkInput} do, in words, for the files of a run. */
export const PREPROCESSING = {
  resize: 'shorter side to size, bilinear, antialiased, uint8',
  crop: 'centre',
  scale: 'x / 127.5 - 1',
} as const;

// So many decoded photos of any size are in memory at once.
const AT_ONCE = 16;

/**
 * Decodes photos and cuts the middle square out of each: uint8 [N, 3, size, size].
 *
 * @throws ValueError naming the file that is no image or is cut off; the signal's reason when that is aborted
 */
export async function readPhotos(
  files: readonly string[],
  size: number,
  signal?: AbortSignal,
): Promise<Tensor> {
  const squares: Tensor[] = [];
  for (let start = 0; start < files.length; start += AT_ONCE) {
    signal?.throwIfAborted();
    const images = await Promise.all(files.slice(start, start + AT_ONCE).map((file) => decodeImage(file)));
    for (const image of images) {
      squares.push(
        scope(() => {
          // A PNG may have 16 bits.
          const narrow = toDtype(image, uint8, { scale: true });
          return centerCrop(resize(narrow, size), size).contiguous();
        }),
      );
      image.dispose();
    }
  }
  const photos = aten.stack(squares);
  for (const square of squares) square.dispose();
  return photos;
}

/** uint8 [N, 3, H, W] → float32 from -1 to 1 on the device, as Keras' Xception was trained. */
export function networkInput(
  photos: Tensor,
  { device, memoryFormat }: { device: DeviceLike; memoryFormat: Plan['memoryFormat'] },
): Tensor {
  return scope(() => {
    const format = memoryFormat === 'channels_last' ? channelsLast : contiguousFormat;
    return photos.to({ device, dtype: float32, memoryFormat: format }).div_(127.5).sub_(1);
  });
}
