import { tensor } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import type { Tensor } from '../../tensor.js';
import { choose, happens, randperm } from '../draws.js';
import { applyTransform, type ImageTransform, probability, Transform } from './transform.js';

/** Base of what is made of other transforms. */
abstract class Container extends Transform {
  readonly transforms: readonly ImageTransform[];

  /** @throws ValueError on an empty list */
  constructor(transforms: readonly ImageTransform[]) {
    super();
    if (!Array.isArray(transforms)) {
      throw new TypeError('Argument transforms should be a sequence of callables');
    }
    if (transforms.length === 0) throw new ValueError('Pass at least one transform');
    this.transforms = transforms;
  }
}

const inOrder = (transforms: readonly ImageTransform[], image: Tensor): Tensor =>
  transforms.reduce((result, transform) => applyTransform(transform, result), image);

/** One transform after the other. */
export class Compose extends Container {
  override transform(image: Tensor): Tensor {
    return inOrder(this.transforms, image);
  }
}

/** All transforms with probability `p` (default 0.5), else none. */
export class RandomApply extends Container {
  readonly p: number;

  constructor(transforms: readonly ImageTransform[], { p = 0.5 } = {}) {
    super(transforms);
    this.p = probability(p);
  }

  override transform(image: Tensor): Tensor {
    return happens(this.p) ? inOrder(this.transforms, image) : image;
  }
}

/** One of the transforms, drawn by the weights `p`, which need not sum up to 1 (default: all alike). */
export class RandomChoice extends Container {
  readonly p: readonly number[];

  /** @throws ValueError unless there is a weight for each transform */
  constructor(transforms: readonly ImageTransform[], options: { p?: readonly number[] | null } = {}) {
    super(transforms);
    const weights = options.p ?? transforms.map(() => 1);
    if (weights.length !== transforms.length) {
      throw new ValueError(
        `Length of p doesn't match the number of transforms: ${weights.length} != ${transforms.length}`,
      );
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.p = weights.map((weight) => weight / total);
  }

  override transform(image: Tensor): Tensor {
    const index = scope(() => choose(tensor(this.p)));
    return applyTransform(this.transforms[index] as ImageTransform, image);
  }
}

/** All transforms, in an order that is drawn. */
export class RandomOrder extends Container {
  override transform(image: Tensor): Tensor {
    const order = randperm(this.transforms.length);
    return inOrder(
      order.map((index) => this.transforms[index] as ImageTransform),
      image,
    );
  }
}
