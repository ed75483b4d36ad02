import { ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import { tupleText } from '../../python-text.js';
import { float } from '../../scalar.js';
import type { Tensor } from '../../tensor.js';
import { uniform } from '../draws.js';
import { gaussianBlur } from '../functional/gaussian-blur.js';
import { type GaussianNoiseOptions, gaussianNoise } from '../functional/gaussian-noise.js';
import { heightAndWidth, type Size } from '../functional/two-sizes.js';
import { type Attributes, floats } from './attributes.js';
import { numberPair } from './number-pair.js';
import { ValueTransform } from './transform.js';

/** {@link gaussianBlur} with a random sigma out of a range (default [0.1, 2]), or with a fixed one. */
export class GaussianBlur extends ValueTransform<number> {
  readonly kernelSize: readonly [number, number];
  readonly sigma: readonly [number, number];

  /** @throws ValueError on an even kernel size, and on sigmas that are not positive or not in order */
  constructor(kernelSize: Size, options: { sigma?: number | readonly number[] } = {}) {
    requireNames(new.target, options, { sigma: true });
    super();
    this.kernelSize = heightAndWidth(kernelSize, 'Kernel size should be a tuple/list of two integers.');
    if (this.kernelSize.some((size) => size % 2 === 0)) {
      throw new ValueError(
        `Kernel size value should be an odd and positive number, got ${tupleText(this.kernelSize)}.`,
      );
    }
    this.sigma = numberPair(options.sigma ?? [0.1, 2], 'sigma');
    if (!(this.sigma[0] > 0 && this.sigma[0] <= this.sigma[1])) {
      throw new ValueError(
        `sigma values should be positive and of the form (min, max). Got ${tupleText(this.sigma)}`,
      );
    }
  }

  protected override attributes(): Attributes {
    return { kernelSize: this.kernelSize, sigma: floats(this.sigma) };
  }

  override makeParams(_image: Tensor): number {
    return uniform(...this.sigma);
  }

  override transform(image: Tensor, sigma: number): Tensor {
    return gaussianBlur(image, this.kernelSize, { sigma });
  }
}

/** {@link gaussianNoise}. */
export class GaussianNoise extends ValueTransform {
  constructor(readonly options: GaussianNoiseOptions = {}) {
    requireNames(new.target, options, { mean: true, sigma: true, clip: true });
    super();
  }

  protected override attributes(): Attributes {
    return {
      mean: float(this.options.mean ?? 0),
      sigma: float(this.options.sigma ?? 0.1),
      clip: this.options.clip ?? true,
    };
  }

  override transform(image: Tensor): Tensor {
    return gaussianNoise(image, this.options);
  }
}
