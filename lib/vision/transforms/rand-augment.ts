import { ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { randint } from '../draws.js';
import type { GridOptions } from '../functional/grid-transform.js';
import type { Attributes } from './attributes.js';
import { RAND_AUGMENT, TRIVIAL_AUGMENT } from './augmentation-spaces.js';
import { AutoAugmentBase } from './auto-augment-base.js';

export interface RandAugmentOptions extends GridOptions {
  /** Operations one after the other. Default 2. */
  numOps?: number;
  /** The step of every operation. Default 9. */
  magnitude?: number;
  /** How many steps there are. Default 31. */
  numMagnitudeBins?: number;
}

/** Random operations of one strength (Cubuk et al. 2019). */
export class RandAugment extends AutoAugmentBase {
  readonly numOps: number;
  readonly magnitude: number;
  readonly numMagnitudeBins: number;

  /** @throws ValueError on a number of operations that is negative or not whole */
  constructor(options: RandAugmentOptions = {}) {
    requireNames(new.target, options, {
      numOps: true,
      magnitude: true,
      numMagnitudeBins: true,
      interpolation: true,
      fill: true,
    });
    super(options);
    const { numOps = 2, magnitude = 9, numMagnitudeBins = 31 } = options;
    if (!Number.isInteger(numOps) || numOps < 0) {
      throw new ValueError(`num_ops should be a non-negative integer, but got ${numOps} instead.`);
    }
    this.numOps = numOps;
    this.magnitude = magnitude;
    this.numMagnitudeBins = numMagnitudeBins;
  }

  protected override attributes(): Attributes {
    return {
      ...super.attributes(),
      numOps: this.numOps,
      magnitude: this.magnitude,
      numMagnitudeBins: this.numMagnitudeBins,
    };
  }

  override transform(image: Tensor): Tensor {
    let result = image;
    for (let i = 0; i < this.numOps; i++) {
      result = this.augment(result, RAND_AUGMENT, this.numMagnitudeBins, () => this.magnitude);
    }
    return result;
  }
}

/** One random operation of random strength (Müller and Hutter 2021). */
export class TrivialAugmentWide extends AutoAugmentBase {
  readonly numMagnitudeBins: number;

  constructor(options: GridOptions & { numMagnitudeBins?: number } = {}) {
    requireNames(new.target, options, { numMagnitudeBins: true, interpolation: true, fill: true });
    super(options);
    this.numMagnitudeBins = options.numMagnitudeBins ?? 31;
  }

  protected override attributes(): Attributes {
    return { ...super.attributes(), numMagnitudeBins: this.numMagnitudeBins };
  }

  override transform(image: Tensor): Tensor {
    const bins = this.numMagnitudeBins;
    return this.augment(image, TRIVIAL_AUGMENT, bins, () => randint(0, bins));
  }
}
