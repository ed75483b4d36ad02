import type { Tensor } from '../../tensor.js';
import { BoundingBoxes } from '../tv-tensors/bounding-boxes.js';

/**
 * Channels, height and width of an image; [H, W] counts as one channel
 * (torchvision.transforms.v2.functional.get_dimensions).
 *
 * @throws TypeError on fewer than two dimensions
 */
export function getDimensions(image: Tensor): [channels: number, height: number, width: number] {
  const { shape } = image;
  if (shape.length < 2) {
    throw new TypeError(`Input tensor should have at least two dimensions, but got ${shape.length}`);
  }
  const [height, width] = shape.slice(-2) as [number, number];
  return [shape.at(-3) ?? 1, height, width];
}

/** The first of {@link getDimensions} (torchvision.transforms.v2.functional.get_num_channels). */
export function getNumChannels(image: Tensor): number {
  return getDimensions(image)[0];
}

/** Height and width; of boxes those of their canvas (torchvision.transforms.v2.functional.get_size). */
export function getSize(image: Tensor): [height: number, width: number] {
  if (image instanceof BoundingBoxes) return [...image.canvasSize];
  const [, height, width] = getDimensions(image);
  return [height, width];
}

/** T of a video [..., T, C, H, W] (torchvision.transforms.v2.functional.get_num_frames). */
export function getNumFrames(video: Tensor): number {
  return video.size(-4);
}
