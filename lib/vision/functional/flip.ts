import { scope } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { flipBoxesHorizontally, flipBoxesVertically } from '../boxes/flip.js';
import { onKind } from './on-kind.js';

/** Left becomes right, for [..., H, W] (torchvision.transforms.v2.functional.horizontal_flip). */
export function horizontalFlip<T extends Tensor>(image: T): T {
  return scope(() => onKind(image, { image: (pixels) => pixels.flip([-1]), boxes: flipBoxesHorizontally }));
}

/** Top becomes bottom, for [..., H, W] (torchvision.transforms.v2.functional.vertical_flip). */
export function verticalFlip<T extends Tensor>(image: T): T {
  return scope(() => onKind(image, { image: (pixels) => pixels.flip([-2]), boxes: flipBoxesVertically }));
}
