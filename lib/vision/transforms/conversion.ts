import { type DType, float32 } from '../../dtype.js';
import { requireKnown, requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { type NormalizeOptions, normalize } from '../functional/normalize.js';
import { toDtype } from '../functional/to-dtype.js';
import { type Attributes, floats } from './attributes.js';
import { ValueTransform } from './transform.js';

/** {@link normalize}. */
export class Normalize extends ValueTransform {
  constructor(
    readonly mean: readonly number[],
    readonly std: readonly number[],
    readonly options: NormalizeOptions = {},
  ) {
    requireNames(new.target, options, { inplace: true });
    super();
  }

  protected override attributes(): Attributes {
    return { mean: floats(this.mean), std: floats(this.std), inplace: this.options.inplace ?? false };
  }

  override transform(image: Tensor): Tensor {
    return normalize(image, this.mean, this.std, this.options);
  }
}

/** {@link toDtype}; with `scale` the range of values follows (default false). */
export class ToDtype extends ValueTransform {
  readonly scale: boolean;

  constructor(
    readonly dtype: DType,
    options: { scale?: boolean } = {},
  ) {
    const { scale = false, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.scale = scale;
  }

  protected override attributes(): Attributes {
    return { scale: this.scale };
  }

  override transform(image: Tensor): Tensor {
    return toDtype(image, this.dtype, { scale: this.scale });
  }
}

/** {@link toDtype} with `scale`, by default to float32. */
export class ConvertImageDtype extends ValueTransform {
  constructor(readonly dtype: DType = float32) {
    super();
  }

  override transform(image: Tensor): Tensor {
    return toDtype(image, this.dtype, { scale: true });
  }
}
