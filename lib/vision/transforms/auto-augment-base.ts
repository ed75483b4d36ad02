import { requireOptions } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { randint } from '../draws.js';
import type { GridInterpolation, GridOptions } from '../functional/grid-transform.js';
import type { Fill } from '../functional/pad.js';
import type { Attributes } from './attributes.js';
import { type AugmentationSpace, magnitudeOf, operate } from './augmentation-space.js';
import { type Annotation, unsupported } from './sample.js';
import { Transform } from './transform.js';

/** Base of the four: what moves pixels takes `interpolation` and `fill`. */
export abstract class AutoAugmentBase extends Transform {
  protected readonly moving: GridOptions;

  constructor(options: GridOptions = {}) {
    requireOptions(new.target, options);
    const { interpolation = 'nearest' as GridInterpolation, fill = null as Fill } = options;
    super();
    this.moving = { interpolation, fill };
  }

  protected override attributes(): Attributes {
    return { interpolation: this.moving.interpolation, fill: this.moving.fill };
  }

  /** @throws TypeError: masks and boxes cannot follow */
  protected override annotate(annotation: Annotation): never {
    throw unsupported(annotation, this);
  }

  /** Draws an operation, then its step, then its direction. */
  protected augment(image: Tensor, space: AugmentationSpace, bins: number, bin: () => number): Tensor {
    const [name, strength] = space[randint(0, space.length)] as AugmentationSpace[number];
    return operate(name, image, magnitudeOf(strength, bins, bin, image), this.moving);
  }
}
