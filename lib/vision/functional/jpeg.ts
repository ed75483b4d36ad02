import { float64, uint8 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { imageSize } from './image-size.js';
import { padToMultiple, quantizeBlocks } from './jpeg-blocks.js';
import { double, halve } from './jpeg-chroma.js';
import { toRgb, toYcc } from './jpeg-colours.js';
import { type QuantizationKind, quantizationSteps } from './jpeg-tables.js';

/**
 * What a uint8 image [..., 1 or 3, H, W] on the CPU looks like after it was a JPEG file
 * (torchvision.transforms.v2.functional.jpeg). No file is made: what the encoder rounds is rounded, in the integer
 * arithmetic of libjpeg, colours at half the size; the lossless rest cancels out.
 *
 * @param quality from 1 to 100
 * @throws TypeError on another dtype or device
 * @throws ValueError on another number of channels, or another quality
 */
export function jpeg(image: Tensor, quality: number): Tensor {
  const [channels, height, width] = imageSize(image);
  if (image.dtype !== uint8) {
    throw new TypeError(`Input tensor dtype should be uint8, got torch.${image.dtype.name}`);
  }
  if (image.device.type !== 'cpu') {
    throw new TypeError(`Input tensor should be on CPU, got ${image.device}: use image.cpu()`);
  }
  if (channels !== 1 && channels !== 3) {
    throw new ValueError(`The number of channels should be 1 or 3, got: ${channels}`);
  }
  if (!(Number.isInteger(quality) && quality >= 1 && quality <= 100)) {
    throw new ValueError(`Image quality should be a positive number between 1 and 100, got ${quality}`);
  }
  if (image.numel() === 0) return image.clone();
  return scope(() => {
    const images = image.reshape([-1, channels, height, width]).unbind(0);
    return aten.stack(images.map((one) => compressed(one, quality))).view(image.shape);
  });
}

function compressed(image: Tensor, quality: number): Tensor {
  return scope(() => {
    const [, height, width] = imageSize(image);
    const through = (plane: Tensor, kind: QuantizationKind) =>
      quantizeBlocks(padToMultiple(plane, [8, 8]), quantizationSteps(kind, quality));
    const cut = (plane: Tensor) => plane.narrow(0, 0, height).narrow(1, 0, width);
    const planes = image.to(float64).unbind(0);
    if (planes.length === 1)
      return cut(through(planes[0] as Tensor, 'luma'))
        .unsqueeze(0)
        .to(uint8);
    const [luma, ...differences] = toYcc(planes) as [Tensor, Tensor, Tensor];
    const colours = differences.map((plane) => {
      const small = through(halve(plane), 'chroma');
      const real = small.narrow(0, 0, (height + 1) >> 1).narrow(1, 0, (width + 1) >> 1);
      return cut(double(real));
    });
    return toRgb([cut(through(luma, 'luma')), ...colours])
      .to(uint8)
      .permute([2, 0, 1]);
  });
}
