import { ValueError } from '../../errors.js';
import { requireKnown, requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { rand, randint } from '../draws.js';
import { type Fill, pad } from '../functional/pad.js';
import { type ResizeOptions, resize } from '../functional/resize.js';
import { type Attributes, floats, resizingAttributes } from './attributes.js';
import { type FillByKind, filledFor, printedFill } from './fill-by-kind.js';
import { listOf } from './number-pair.js';
import type { Range } from './random-area.js';
import { pair } from './random-area.js';
import { type Annotation, commonSize } from './sample.js';
import { RandomApplyTransform, Transform } from './transform.js';

type Resizing = Pick<ResizeOptions, 'interpolation' | 'antialias'>;

// Drawn and multiplied in float32, which decides where a side is cut to a whole number.
function drawFactor([least, most]: Range): Tensor {
  return rand([1])
    .mul(most - least)
    .add(least);
}

function scaled(side: number, factor: Tensor): number {
  return Math.trunc(factor.mul(side).item() as number);
}

/** {@link resize} to a shorter side from `minSize` up to, not including, `maxSize`. */
export class RandomResize extends Transform<number> {
  constructor(
    readonly minSize: number,
    readonly maxSize: number,
    readonly options: Resizing = {},
  ) {
    requireNames(new.target, options, { interpolation: true, antialias: true });
    super();
  }

  protected override attributes(): Attributes {
    return { minSize: this.minSize, maxSize: this.maxSize, ...resizingAttributes(this.options) };
  }

  override makeParams(_image: Tensor): number {
    return randint(this.minSize, this.maxSize);
  }

  override transform(image: Tensor, size: number): Tensor {
    return resize(image, size, this.options);
  }
}

/** {@link resize} to a shorter side out of a list, the longer one at most `maxSize`. */
export class RandomShortestSize extends Transform<[number, number]> {
  readonly minSize: readonly number[];
  readonly maxSize: number | null;
  readonly options: Resizing;

  constructor(minSize: number | readonly number[], options: Resizing & { maxSize?: number | null } = {}) {
    requireNames(new.target, options, { maxSize: true, interpolation: true, antialias: true });
    super();
    const { maxSize = null, ...resizing } = options;
    this.minSize = typeof minSize === 'number' ? [minSize] : minSize;
    this.maxSize = maxSize;
    this.options = resizing;
  }

  protected override attributes(): Attributes {
    return { minSize: this.minSize, maxSize: this.maxSize, ...resizingAttributes(this.options) };
  }

  override makeParams(image: Tensor, annotations: readonly Annotation[] = []): [number, number] {
    const [height, width] = commonSize(image, annotations);
    const shorter = this.minSize[randint(0, this.minSize.length)] as number;
    const wanted = shorter / Math.min(height, width);
    const factor = this.maxSize === null ? wanted : Math.min(wanted, this.maxSize / Math.max(height, width));
    return [Math.trunc(height * factor), Math.trunc(width * factor)];
  }

  override transform(image: Tensor, size: [number, number]): Tensor {
    return resize(image, size, this.options);
  }
}

/** {@link resize} to fit into `targetSize` and then by a random factor out of `scaleRange` (default [0.1, 2]). */
export class ScaleJitter extends Transform<[number, number]> {
  readonly scaleRange: Range;
  readonly options: Resizing;

  constructor(
    readonly targetSize: readonly [number, number],
    options: Resizing & { scaleRange?: Range } = {},
  ) {
    requireNames(new.target, options, { scaleRange: true, interpolation: true, antialias: true });
    super();
    const { scaleRange = pair(0.1, 2), ...resizing } = options;
    this.scaleRange = scaleRange;
    this.options = resizing;
  }

  protected override attributes(): Attributes {
    return {
      targetSize: this.targetSize,
      scaleRange: floats(this.scaleRange),
      ...resizingAttributes(this.options),
    };
  }

  override makeParams(image: Tensor, annotations: readonly Annotation[] = []): [number, number] {
    const [height, width] = commonSize(image, annotations);
    const fitting = Math.min(this.targetSize[1] / height, this.targetSize[0] / width);
    const factor = drawFactor(this.scaleRange).mul(fitting);
    return [scaled(height, factor), scaled(width, factor)];
  }

  override transform(image: Tensor, size: [number, number]): Tensor {
    return resize(image, size, this.options);
  }
}

export interface RandomZoomOutOptions {
  /** Of the border. Default 0. */
  fill?: Fill | FillByKind;
  /** How many times as large the result may be. Default [1, 4]. */
  sideRange?: Range;
  /** Default 0.5. */
  p?: number;
}

/** Puts the image somewhere on a larger canvas, with probability `p`. */
export class RandomZoomOut extends RandomApplyTransform<number[]> {
  readonly fill: Fill | FillByKind;
  readonly sideRange: Range;

  /** @throws ValueError on a range below 1 or in the wrong order */
  constructor(options: RandomZoomOutOptions = {}) {
    const { fill = 0, sideRange = pair(1, 4), p = 0.5, ...others } = options;
    requireKnown(new.target, options, others);
    super({ p });
    listOf(sideRange, 'side_range', [2]);
    if (sideRange[0] < 1 || sideRange[0] > sideRange[1]) {
      throw new ValueError(`Invalid side range provided [${sideRange.join(', ')}].`);
    }
    this.fill = fill;
    this.sideRange = sideRange;
  }

  protected override attributes(): Attributes {
    return { ...super.attributes(), fill: printedFill(this.fill), sideRange: floats(this.sideRange) };
  }

  override makeParams(image: Tensor, annotations: readonly Annotation[] = []): number[] {
    const [height, width] = commonSize(image, annotations);
    const factor = drawFactor(this.sideRange);
    const [canvasWidth, canvasHeight] = [scaled(width, factor), scaled(height, factor)];
    const [partX, partY] = rand([2]).unbind() as [Tensor, Tensor];
    const left = scaled(canvasWidth - width, partX);
    const top = scaled(canvasHeight - height, partY);
    return [left, top, canvasWidth - (left + width), canvasHeight - (top + height)];
  }

  override transform(image: Tensor, padding: number[]): Tensor {
    return pad(image, padding, filledFor(image, { fill: this.fill }));
  }
}
