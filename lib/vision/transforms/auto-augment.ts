import { ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { happensUpTo, randint } from '../draws.js';
import type { GridOptions } from '../functional/grid-transform.js';
import type { Attributes } from './attributes.js';
import { magnitudeOf, operate, type Strength } from './augmentation-space.js';
import { RAND_AUGMENT } from './augmentation-spaces.js';
import { AutoAugmentBase } from './auto-augment-base.js';
import { type AutoAugmentPolicy, POLICIES } from './auto-augment-policies.js';

const STRENGTHS = new Map<string, Strength | null>([...RAND_AUGMENT, ['Invert', null]]);
const BINS = 10;

/** The policies that were learned on ImageNet (default), CIFAR-10 or SVHN (Cubuk et al. 2018). */
export class AutoAugment extends AutoAugmentBase {
  readonly policy: AutoAugmentPolicy;

  constructor(options: GridOptions & { policy?: AutoAugmentPolicy } = {}) {
    requireNames(new.target, options, { policy: true, interpolation: true, fill: true });
    super(options);
    this.policy = options.policy ?? 'imagenet';
    if (!Object.hasOwn(POLICIES, this.policy)) {
      throw new ValueError(
        `The provided policy ${this.policy} is not recognized: use ${Object.keys(POLICIES).join(', ')}.`,
      );
    }
  }

  protected override attributes(): Attributes {
    return { ...super.attributes(), policy: `AutoAugmentPolicy.${this.policy.toUpperCase()}` };
  }

  override transform(image: Tensor): Tensor {
    const policies = POLICIES[this.policy];
    const steps = policies[randint(0, policies.length)] as (typeof policies)[number];
    return steps.reduce((result, [name, probability, bin]) => {
      if (!happensUpTo(probability)) return result;
      const strength = STRENGTHS.get(name) ?? null;
      const magnitude = magnitudeOf(strength, BINS, () => bin, image);
      return operate(name, result, magnitude, this.moving);
    }, image);
  }
}
