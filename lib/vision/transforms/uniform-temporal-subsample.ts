import type { Tensor } from '../../tensor.js';
import { uniformTemporalSubsample } from '../functional/uniform-temporal-subsample.js';
import type { Attributes } from './attributes.js';
import { ValueTransform } from './transform.js';

/** {@link uniformTemporalSubsample}. */
export class UniformTemporalSubsample extends ValueTransform {
  constructor(readonly numSamples: number) {
    super();
  }

  protected override attributes(): Attributes {
    return { numSamples: this.numSamples };
  }

  override transform(video: Tensor): Tensor {
    return uniformTemporalSubsample(video, this.numSamples);
  }
}
