import { ValueError } from '../../errors.js';
import { valueText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { randint } from '../draws.js';
import { jpeg } from '../functional/jpeg.js';
import type { Attributes } from './attributes.js';
import type { Range } from './random-area.js';
import { ValueTransform } from './transform.js';

/** {@link jpeg} of one quality, or of a random one out of `[lowest, highest]`. */
export class JPEG extends ValueTransform<number> {
  readonly quality: Range;

  /** @throws ValueError on qualities that are no integers from 1 to 100 in their order */
  constructor(quality: number | Range) {
    super();
    const [lowest, highest] = typeof quality === 'number' ? [quality, quality] : quality;
    const isWhole = Number.isInteger(lowest) && Number.isInteger(highest);
    if (!(isWhole && lowest >= 1 && lowest <= highest && highest <= 100)) {
      throw new ValueError(`quality must be an integer from 1 to 100, got quality = ${valueText(quality)}`);
    }
    this.quality = [lowest, highest];
  }

  protected override attributes(): Attributes {
    return { quality: this.quality };
  }

  override makeParams(_image: Tensor): number {
    const [lowest, highest] = this.quality;
    return randint(lowest, highest + 1);
  }

  override transform(image: Tensor, quality: number): Tensor {
    return jpeg(image, quality);
  }
}
