import { ValueError } from '../../errors.js';
import { aten } from '../../operators/ops.js';
import { requireNames } from '../../options.js';
import { floorDiv } from '../../python-number.js';
import { float } from '../../scalar.js';
import type { Tensor } from '../../tensor.js';
import { rand, randint } from '../draws.js';
import { elastic } from '../functional/elastic.js';
import { gaussianBlur } from '../functional/gaussian-blur.js';
import type { GridOptions } from '../functional/grid-transform.js';
import { type Corners, perspectiveBy, perspectiveCoefficients } from '../functional/perspective.js';
import { type Attributes, floats } from './attributes.js';
import { type ByKind, filledFor, printedFill } from './fill-by-kind.js';
import { numberPair } from './number-pair.js';
import { type Annotation, commonSize } from './sample.js';
import { RandomApplyTransform, Transform } from './transform.js';

export interface RandomPerspectiveOptions extends ByKind<GridOptions> {
  /** How far the corners may move inwards, in parts of half a side. Default 0.5. */
  distortionScale?: number;
  /** Default 0.5. */
  p?: number;
}

/** {@link perspective} that moves each corner inwards, with probability `p`. Default fill 0. */
export class RandomPerspective extends RandomApplyTransform<number[]> {
  readonly distortionScale: number;
  readonly options: ByKind<GridOptions>;

  /** @throws ValueError on a scale outside of [0, 1] */
  constructor(options: RandomPerspectiveOptions = {}) {
    requireNames(new.target, options, { distortionScale: true, p: true, interpolation: true, fill: true });
    const { distortionScale = 0.5, p = 0.5, ...others } = options;
    super({ p });
    if (!(distortionScale >= 0 && distortionScale <= 1)) {
      throw new ValueError('Argument distortion_scale value should be between 0 and 1');
    }
    this.distortionScale = distortionScale;
    this.options = { fill: 0, ...others };
  }

  protected override attributes(): Attributes {
    return {
      ...super.attributes(),
      distortionScale: float(this.distortionScale),
      interpolation: this.options.interpolation ?? 'bilinear',
      fill: printedFill(this.options.fill),
    };
  }

  override makeParams(image: Tensor, annotations: readonly Annotation[] = []): number[] {
    const [height, width] = commonSize(image, annotations);
    const bound = (side: number) => Math.trunc(this.distortionScale * floorDiv(side, 2)) + 1;
    const [boundX, boundY] = [bound(width), bound(height)];
    const left = () => randint(0, boundX);
    const top = () => randint(0, boundY);
    const right = () => randint(width - boundX, width);
    const bottom = () => randint(height - boundY, height);
    const corners: Corners = [
      [0, 0],
      [width - 1, 0],
      [width - 1, height - 1],
      [0, height - 1],
    ];
    const moved: Corners = [
      [left(), top()],
      [right(), top()],
      [right(), bottom()],
      [left(), bottom()],
    ];
    return perspectiveCoefficients(corners, moved);
  }

  override transform(image: Tensor, coefficients: number[]): Tensor {
    return perspectiveBy(image, coefficients, filledFor(image, this.options));
  }
}

export interface ElasticTransformOptions extends ByKind<GridOptions> {
  /** How far pixels move: one number, or `[x, y]`. Default 50. */
  alpha?: number | readonly number[];
  /** How smooth the moves are: one number, or `[x, y]`. Default 5. */
  sigma?: number | readonly number[];
}

/** {@link elastic} with smooth random moves, as seen through water. Default fill 0. */
export class ElasticTransform extends Transform<Tensor> {
  readonly alpha: readonly [number, number];
  readonly sigma: readonly [number, number];
  readonly options: ByKind<GridOptions>;

  constructor(options: ElasticTransformOptions = {}) {
    requireNames(new.target, options, { alpha: true, sigma: true, interpolation: true, fill: true });
    super();
    const { alpha = 50, sigma = 5, ...others } = options;
    this.alpha = numberPair(alpha, 'alpha');
    this.sigma = numberPair(sigma, 'sigma');
    this.options = { fill: 0, ...others };
  }

  protected override attributes(): Attributes {
    return {
      alpha: floats(this.alpha),
      sigma: floats(this.sigma),
      interpolation: this.options.interpolation ?? 'bilinear',
      fill: printedFill(this.options.fill),
    };
  }

  override makeParams(image: Tensor, annotations: readonly Annotation[] = []): Tensor {
    const [height, width] = commonSize(image, annotations);
    const moves = (sigma: number) => {
      const noise = rand([1, 1, height, width]).mul(2).sub(1);
      if (sigma <= 0) return noise;
      const size = Math.trunc(8 * sigma + 1);
      const odd = size % 2 === 0 ? size + 1 : size;
      return gaussianBlur(noise, [odd, odd], { sigma: this.sigma });
    };
    const movesX = moves(this.sigma[0]).mul(this.alpha[0]).div(width);
    const movesY = moves(this.sigma[1]).mul(this.alpha[1]).div(height);
    return aten.cat([movesX, movesY], 1).permute([0, 2, 3, 1]);
  }

  override transform(image: Tensor, displacement: Tensor): Tensor {
    return elastic(image, displacement, filledFor(image, this.options));
  }
}
