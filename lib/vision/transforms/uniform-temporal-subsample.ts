import type { Tensor } from '../../tensor.js';
import { uniformTemporalSubsample } from '../functional/uniform-temporal-subsample.js';
import { ValueTransform } from './transform.js';

/** {@link uniformTemporalSubsample}. */
export class UniformTemporalSubsample extends ValueTransform {
  constructor(readonly numSamples: number) {
    super();
  }

  override transform(video: Tensor): Tensor {
    return uniformTemporalSubsample(video, this.numSamples);
  }
}
