import { ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import { roundHalfEven } from '../../python-number.js';
import type { Tensor } from '../../tensor.js';
import { uniform } from '../draws.js';
import { type AffineOptions, affine, type RotateOptions, rotate } from '../functional/affine.js';
import { type Attributes, floats } from './attributes.js';
import { type ByKind, filledFor, printedFill } from './fill-by-kind.js';
import { angleRange, listOf } from './number-pair.js';
import { type Annotation, commonSize } from './sample.js';
import { Transform } from './transform.js';

/** {@link rotate} by a random angle: degrees from -`degrees` to `degrees`, or in a range. Default fill 0. */
export class RandomRotation extends Transform<number> {
  readonly degrees: readonly number[];
  readonly options: ByKind<RotateOptions>;

  constructor(degrees: number | readonly number[], options: ByKind<RotateOptions> = {}) {
    requireNames(new.target, options, { interpolation: true, expand: true, center: true, fill: true });
    super();
    this.degrees = angleRange(degrees, 'degrees', [2]);
    this.options = { fill: 0, ...options };
  }

  protected override attributes(): Attributes {
    return {
      degrees: floats(this.degrees),
      interpolation: this.options.interpolation ?? 'nearest',
      expand: this.options.expand ?? false,
      fill: printedFill(this.options.fill),
      center: this.options.center,
    };
  }

  override makeParams(_image: Tensor): number {
    const [from, to] = this.degrees as [number, number];
    return uniform(from, to);
  }

  override transform(image: Tensor, angle: number): Tensor {
    return rotate(image, angle, filledFor(image, this.options));
  }
}

export interface RandomAffineOptions extends ByKind<AffineOptions> {
  /** The furthest moves, in parts of width and height. Default null: none. */
  translate?: readonly number[] | null;
  /** Default null: 1. */
  scale?: readonly number[] | null;
  /** Degrees along x: one number, `[from, to]`, or with those along y `[from, to, fromY, toY]`. Default null: 0. */
  shear?: number | readonly number[] | null;
}

interface Move {
  angle: number;
  translate: readonly [number, number];
  scale: number;
  shear: readonly [number, number];
}

/** {@link affine} with a random angle, move, scale and shear. Default fill 0. */
export class RandomAffine extends Transform<Move> {
  readonly degrees: readonly number[];
  readonly translate: readonly number[] | null;
  readonly scale: readonly number[] | null;
  readonly shear: readonly number[] | null;
  readonly options: ByKind<AffineOptions>;

  /** @throws ValueError on moves outside of [0, 1], scales of 0 or less, and lists of another length */
  constructor(degrees: number | readonly number[], options: RandomAffineOptions = {}) {
    requireNames(new.target, options, {
      translate: true,
      scale: true,
      shear: true,
      interpolation: true,
      fill: true,
      center: true,
    });
    super();
    const { translate = null, scale = null, shear = null, ...others } = options;
    this.degrees = angleRange(degrees, 'degrees', [2]);
    this.translate = translate && listOf(translate, 'translate', [2]);
    if (translate?.some((part) => !(part >= 0 && part <= 1))) {
      throw new ValueError('translation values should be between 0 and 1');
    }
    this.scale = scale && listOf(scale, 'scale', [2]);
    if (scale?.some((factor) => factor <= 0)) throw new ValueError('scale values should be positive');
    this.shear = shear === null ? null : angleRange(shear, 'shear', [2, 4]);
    if (others.center) listOf(others.center, 'center', [2]);
    this.options = { fill: 0, ...others };
  }

  protected override attributes(): Attributes {
    return {
      degrees: floats(this.degrees),
      translate: this.translate && floats(this.translate),
      scale: this.scale && floats(this.scale),
      shear: this.shear && floats(this.shear),
      interpolation: this.options.interpolation ?? 'nearest',
      fill: printedFill(this.options.fill),
      center: this.options.center,
    };
  }

  override makeParams(image: Tensor, annotations: readonly Annotation[] = []): Move {
    const [height, width] = commonSize(image, annotations);
    const drawFrom = (range: readonly number[] | null, otherwise: number) =>
      range === null || range.length === 0 ? otherwise : uniform(range[0] as number, range[1] as number);
    const drawMove = (most: number) => roundHalfEven(uniform(-most, most));
    const angle = drawFrom(this.degrees, 0);
    const [partX, partY] = this.translate ?? [];
    const moveX = partX === undefined ? 0 : drawMove(partX * width);
    const moveY = partY === undefined ? 0 : drawMove(partY * height);
    const scale = drawFrom(this.scale, 1);
    const shearX = drawFrom(this.shear, 0);
    const shearY = drawFrom(this.shear?.slice(2) ?? null, 0);
    return { angle, translate: [moveX, moveY], scale, shear: [shearX, shearY] };
  }

  override transform(image: Tensor, { angle, translate, scale, shear }: Move): Tensor {
    return affine(image, angle, translate, scale, shear, filledFor(image, this.options));
  }
}
