import { float32 } from '../dtype.js';
import { scope } from '../memory.js';
import type { Tensor } from '../tensor.js';
import { centerCrop, type Interpolation, normalize, resize, toDtype } from '../vision/index.js';

/** What weights expect of an image; the names are those of timm's `pretrained_cfg`. */
export interface Preprocessing {
  /** Channels, height, width. */
  readonly inputSize: readonly [number, number, number];
  readonly interpolation: Interpolation;
  /** Per channel, of values from 0 to 1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** 'center': the shorter side to size / cropPct, then the middle; 'squash': both sides at once, whatever the ratio. */
  readonly cropMode: 'center' | 'squash';
  readonly cropPct: number;
}

const HALF = [0.5, 0.5, 0.5] as const;

/** 299×299, values from -1 to 1, the middle 89.75 %: what most ports of the ImageNet weights were measured with. */
export const IMAGENET_299: Preprocessing = {
  inputSize: [3, 299, 299],
  interpolation: 'bilinear',
  mean: HALF,
  std: HALF,
  cropMode: 'center',
  cropPct: 0.8975,
};

/** A decoded photo, uint8 [3, H, W] → float32 [1, 3, height, width], what the network sees. */
export function preprocess(image: Tensor, how: Preprocessing): Tensor {
  const { inputSize, interpolation, mean, std, cropMode, cropPct } = how;
  const [, height, width] = inputSize;
  return scope(() => {
    const square =
      cropMode === 'squash'
        ? resize(image, [height, width], { interpolation })
        : centerCrop(resize(image, Math.floor(Math.min(height, width) / cropPct), { interpolation }), [
            height,
            width,
          ]);
    return normalize(toDtype(square, float32, { scale: true }), mean, std)
      .unsqueeze(0)
      .contiguous();
  });
}
