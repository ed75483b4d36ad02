import type { Tensor } from '../../tensor.js';

/** Left becomes right, for [..., H, W] (torchvision.transforms.v2.functional.horizontal_flip). */
export function horizontalFlip(image: Tensor): Tensor {
  return image.flip([-1]);
}

/** Top becomes bottom, for [..., H, W] (torchvision.transforms.v2.functional.vertical_flip). */
export function verticalFlip(image: Tensor): Tensor {
  return image.flip([-2]);
}
