import { int64 } from '../../dtype.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { getNumFrames } from './dimensions.js';

/**
 * As many frames of a video [..., T, C, H, W] as asked for, at equal distances from the first to the last; of a short
 * video some come more than once (torchvision.transforms.v2.functional.uniform_temporal_subsample).
 */
export function uniformTemporalSubsample(video: Tensor, numSamples: number): Tensor {
  return scope(() => {
    const indices = aten.linspace(0, getNumFrames(video) - 1, numSamples, { device: video.device });
    return video.indexSelect(-4, indices.to(int64));
  });
}
