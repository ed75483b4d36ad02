import { ValueError } from '../../errors.js';
import { requireNames } from '../../options.js';
import { tupleText, valueText } from '../../python-text.js';
import { float } from '../../scalar.js';
import type { Tensor } from '../../tensor.js';
import { happens, randperm, uniform } from '../draws.js';
import { adjustBrightness, adjustContrast, adjustSaturation } from '../functional/adjust-color.js';
import { adjustHue } from '../functional/adjust-hue.js';
import { imageSize } from '../functional/image-size.js';
import { permuteChannels } from '../functional/permute-channels.js';
import { type Attributes, floats } from './attributes.js';
import type { Range } from './random-area.js';
import { pair } from './random-area.js';
import { ValueTransform } from './transform.js';

/** In the order in which their factors are drawn. */
const ADJUSTMENTS = [
  ['brightness', adjustBrightness],
  ['contrast', adjustContrast],
  ['saturation', adjustSaturation],
  ['hue', adjustHue],
] as const;

type Adjusted = (typeof ADJUSTMENTS)[number][0];

/** How much at most, or the range of the factors. */
export type Jitter = number | Range | null;

export type ColorJitterOptions = { [name in Adjusted]?: Jitter };

interface Factors {
  order: number[];
  factors: (number | null)[];
}

/**
 * Changes brightness, contrast, saturation (factors from 1 - x to 1 + x) and hue (-x to x, at most 0.5) in a random
 * order. What is left out stays.
 */
export class ColorJitter extends ValueTransform<Factors> {
  readonly brightness: Range | null;
  readonly contrast: Range | null;
  readonly saturation: Range | null;
  readonly hue: Range | null;

  /** @throws ValueError on negative numbers, and on ranges that are out of bounds or not in order */
  constructor(options: ColorJitterOptions = {}) {
    requireNames(new.target, options, { brightness: true, contrast: true, saturation: true, hue: true });
    super();
    const { brightness = null, contrast = null, saturation = null, hue = null } = options;
    const positive: Range = [0, Number.POSITIVE_INFINITY];
    this.brightness = factorRange('brightness', brightness, 1, positive);
    this.contrast = factorRange('contrast', contrast, 1, positive);
    this.saturation = factorRange('saturation', saturation, 1, positive);
    this.hue = factorRange('hue', hue, 0, [-0.5, 0.5]);
  }

  protected override attributes(): Attributes {
    return {
      brightness: factors(this.brightness),
      contrast: factors(this.contrast),
      saturation: factors(this.saturation),
      hue: factors(this.hue),
    };
  }

  override makeParams(_image: Tensor): Factors {
    const order = randperm(ADJUSTMENTS.length);
    const factors = ADJUSTMENTS.map(([name]) => {
      const range = this[name];
      return range && uniform(...range);
    });
    return { order, factors };
  }

  override transform(image: Tensor, { order, factors }: Factors): Tensor {
    return order.reduce((result, index) => {
      const factor = factors[index] ?? null;
      return factor === null
        ? result
        : (ADJUSTMENTS[index] as (typeof ADJUSTMENTS)[number])[1](result, factor);
    }, image);
  }
}

// Python makes tuples of them.
const factors = (range: Range | null) => range && floats(pair(...range));

function factorRange(name: Adjusted, value: Jitter, center: number, bound: Range): Range | null {
  if (value === null) return null;
  if (typeof value === 'number' && value < 0) {
    throw new ValueError(`If ${name} is a single number, it must be non negative.`);
  }
  const [least, most] = typeof value === 'number' ? around(value, center) : value;
  if (!(bound[0] <= least && least <= most && most <= bound[1])) {
    throw new ValueError(
      `${name} values should be between ${tupleText(bound)} and increasing, but got ${valueText([least, most])}.`,
    );
  }
  return least === center && most === center ? null : [least, most];
}

// Factors around 1 stop at 0.
function around(value: number, center: number): Range {
  return center === 0 ? [-value, value] : [Math.max(center - value, 0), center + value];
}

export interface RandomPhotometricDistortOptions {
  /** Default [0.875, 1.125]. */
  brightness?: Range;
  /** Default [0.5, 1.5]. */
  contrast?: Range;
  /** Default [0.5, 1.5]. */
  saturation?: Range;
  /** Default [-0.05, 0.05]. */
  hue?: Range;
  /** Of each change. Default 0.5. */
  p?: number;
}

interface Distortion {
  factors: Record<Adjusted, number | null>;
  contrastFirst: boolean;
  permutation: number[] | null;
}

/** Each change of {@link ColorJitter}, and a random order of the channels, with probability `p`. */
export class RandomPhotometricDistort extends ValueTransform<Distortion> {
  readonly brightness: Range;
  readonly contrast: Range;
  readonly saturation: Range;
  readonly hue: Range;
  readonly p: number;

  constructor(options: RandomPhotometricDistortOptions = {}) {
    requireNames(new.target, options, {
      brightness: true,
      contrast: true,
      saturation: true,
      hue: true,
      p: true,
    });
    super();
    this.brightness = options.brightness ?? pair(0.875, 1.125);
    this.contrast = options.contrast ?? pair(0.5, 1.5);
    this.saturation = options.saturation ?? pair(0.5, 1.5);
    this.hue = options.hue ?? pair(-0.05, 0.05);
    this.p = options.p ?? 0.5;
  }

  protected override attributes(): Attributes {
    return {
      brightness: floats(this.brightness),
      contrast: floats(this.contrast),
      hue: floats(this.hue),
      saturation: floats(this.saturation),
      p: float(this.p),
    };
  }

  override makeParams(image: Tensor): Distortion {
    const [channels] = imageSize(image);
    const factors = Object.fromEntries(
      ADJUSTMENTS.map(([name]) => [name, happens(this.p) ? uniform(...this[name]) : null]),
    ) as Distortion['factors'];
    const contrastFirst = happens(0.5);
    const permutation = happens(this.p) ? randperm(channels) : null;
    return { factors, contrastFirst, permutation };
  }

  override transform(image: Tensor, { factors, contrastFirst, permutation }: Distortion): Tensor {
    const { brightness, contrast, saturation, hue } = factors;
    let result = image;
    if (brightness !== null) result = adjustBrightness(result, brightness);
    if (contrast !== null && contrastFirst) result = adjustContrast(result, contrast);
    if (saturation !== null) result = adjustSaturation(result, saturation);
    if (hue !== null) result = adjustHue(result, hue);
    if (contrast !== null && !contrastFirst) result = adjustContrast(result, contrast);
    return permutation ? permuteChannels(result, permutation) : result;
  }
}
