import { tensor } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import { float } from '../../scalar.js';
import type { Tensor } from '../../tensor.js';
import { dirichlet, randint } from '../draws.js';
import type { GridOptions } from '../functional/grid-transform.js';
import type { Attributes } from './attributes.js';
import { AUG_MIX, AUG_MIX_PARTIAL } from './augmentation-spaces.js';
import { AutoAugmentBase } from './auto-augment-base.js';

export interface AugMixOptions extends GridOptions {
  /** How strong the operations are, from 1 to 10. Default 3. */
  severity?: number;
  /** How many changed images are mixed. Default 3. */
  mixtureWidth?: number;
  /** Operations for each of them; -1 (default) draws from 1 to 3. */
  chainDepth?: number;
  /** Of the distribution of the weights. Default 1. */
  alpha?: number;
  /** Also those that change brightness, colour, contrast and sharpness. Default true. */
  allOps?: boolean;
}

const AUG_MIX_BINS = 10;

/** A weighted mean of the image and several changed ones (Hendrycks et al. 2020). Default interpolation 'bilinear'. */
export class AugMix extends AutoAugmentBase {
  readonly severity: number;
  readonly mixtureWidth: number;
  readonly chainDepth: number;
  readonly alpha: number;
  readonly allOps: boolean;

  /** @throws ValueError on a severity outside of [1, 10] */
  constructor(options: AugMixOptions = {}) {
    requireNames(new.target, options, {
      severity: true,
      mixtureWidth: true,
      chainDepth: true,
      alpha: true,
      allOps: true,
      interpolation: true,
      fill: true,
    });
    super({ interpolation: 'bilinear', ...options });
    const { severity = 3, mixtureWidth = 3, chainDepth = -1, alpha = 1, allOps = true } = options;
    if (!(severity >= 1 && severity <= AUG_MIX_BINS)) {
      throw new ValueError(`The severity must be between [1, ${AUG_MIX_BINS}]. Got ${severity} instead.`);
    }
    this.severity = severity;
    this.mixtureWidth = mixtureWidth;
    this.chainDepth = chainDepth;
    this.alpha = alpha;
    this.allOps = allOps;
  }

  protected override attributes(): Attributes {
    return {
      ...super.attributes(),
      severity: this.severity,
      mixtureWidth: this.mixtureWidth,
      chainDepth: this.chainDepth,
      alpha: float(this.alpha),
      allOps: this.allOps,
    };
  }

  override transform(image: Tensor): Tensor {
    const leading = Array.from({ length: Math.max(4 - image.dim(), 0) }, () => 1);
    const batch = image.reshape([...leading, ...image.shape]);
    const count = batch.size(0);
    const perImage = [count, ...batch.shape.slice(1).map(() => 1)];
    const weights = (length: number) => {
      const alphas = Array.from({ length }, () => this.alpha);
      return dirichlet(tensor(alphas, { device: image.device }).expand([count, -1]));
    };
    const share = weights(2);
    const shares = weights(this.mixtureWidth).mul(share.select(1, 1).reshape([count, -1]));
    const mix = share.select(1, 0).reshape(perImage).mul(batch);
    for (let i = 0; i < this.mixtureWidth; i++) {
      mix.add_(shares.select(1, i).reshape(perImage).mul(this.chain(batch)));
    }
    return mix.reshape(image.shape).to(image.dtype);
  }

  private chain(batch: Tensor): Tensor {
    const depth = this.chainDepth > 0 ? this.chainDepth : randint(1, 4);
    const space = this.allOps ? AUG_MIX : AUG_MIX_PARTIAL;
    let result = batch;
    for (let i = 0; i < depth; i++) {
      result = this.augment(result, space, AUG_MIX_BINS, () => randint(0, this.severity));
    }
    return result;
  }
}
