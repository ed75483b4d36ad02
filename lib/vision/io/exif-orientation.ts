import type { Tensor } from '../../tensor.js';

const mirror = (image: Tensor) => image.flip([-1]);
const upend = (image: Tensor) => image.flip([-2]);
const transpose = (image: Tensor) => image.transpose(-1, -2);

/** By the EXIF number: how the stored image [..., H, W] becomes the one that was seen. */
const TURNS: Record<number, (image: Tensor) => Tensor> = {
  2: mirror,
  3: (image) => image.flip([-1, -2]),
  4: upend,
  5: transpose,
  6: (image) => mirror(transpose(image)),
  7: (image) => transpose(image).flip([-1, -2]),
  8: (image) => upend(transpose(image)),
};

/** Turns an image [..., H, W] by its EXIF orientation; other numbers than 2 to 8 leave it. */
export function orient(image: Tensor, orientation: number): Tensor {
  return TURNS[orientation]?.(image) ?? image;
}
