import type { Tensor } from '../../tensor.js';
import { ValueTransform } from './transform.js';

/** Nothing. */
export class Identity extends ValueTransform {
  override transform(image: Tensor): Tensor {
    return image;
  }
}

/** A function of the image. */
export class Lambda extends ValueTransform {
  constructor(readonly lambd: (image: Tensor) => Tensor) {
    super();
  }

  override extraRepr(): string {
    return `${this.lambd.name || '<lambda>'}, types=['object']`;
  }

  override transform(image: Tensor): Tensor {
    return this.lambd(image);
  }
}
