import type { Tensor } from '../../tensor.js';
import { Transform } from './transform.js';

/** Nothing. */
export class Identity extends Transform {
  override transform(image: Tensor): Tensor {
    return image;
  }
}

/** A function of the image. */
export class Lambda extends Transform {
  constructor(readonly lambd: (image: Tensor) => Tensor) {
    super();
  }

  override transform(image: Tensor): Tensor {
    return this.lambd(image);
  }
}
