import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { imageSize } from './image-size.js';

/**
 * The brightness of an RGB image [..., 3, H, W], once or three times; what is grey already is copied
 * (torchvision.transforms.v2.functional.rgb_to_grayscale).
 *
 * @param options.numOutputChannels 1 (default) or 3
 */
export function rgbToGrayscale(image: Tensor, options: { numOutputChannels?: number } = {}): Tensor {
  requireNames(rgbToGrayscale, options, { numOutputChannels: true });
  const { numOutputChannels = 1 } = options;
  if (numOutputChannels !== 1 && numOutputChannels !== 3) {
    throw new ValueError(`num_output_channels must be 1 or 3, got ${numOutputChannels}.`);
  }
  const [channels] = imageSize(image);
  return scope(() => {
    if (channels === 1) return numOutputChannels === 1 ? image.clone() : repeatChannel(image);
    const grey = luma(image).to(image.dtype);
    return numOutputChannels === 3 ? grey.expand(image.shape) : grey;
  });
}

/** A grey image three times; an image of three channels or more as it is (torchvision's grayscale_to_rgb). */
export function grayscaleToRgb(image: Tensor): Tensor {
  const [channels] = imageSize(image);
  if (channels >= 3) return image;
  return channels === 1 ? repeatChannel(image) : rgbToGrayscale(image, { numOutputChannels: 3 });
}

function repeatChannel(image: Tensor): Tensor {
  return image.repeat(image.shape.map((_, dim) => (dim === image.dim() - 3 ? 3 : 1)));
}

/** The weighted sum of red, green and blue [..., 1, H, W], in floating point, not rounded. */
export function luma(image: Tensor): Tensor {
  const [red, green, blue] = image.unbind(-3) as [Tensor, Tensor, Tensor];
  return red.mul(0.2989).add_(green, { alpha: 0.587 }).add_(blue, { alpha: 0.114 }).unsqueeze(-3);
}
