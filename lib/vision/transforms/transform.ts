import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { Module } from '../../nn/index.js';
import { requireKnown } from '../../options.js';
import { float } from '../../scalar.js';
import type { Tensor } from '../../tensor.js';
import { happens } from '../draws.js';
import { type Attributes, attributesText } from './attributes.js';
import { type Annotation, canvasOf, type Found, findIn, replaceIn } from './sample.js';

/** What a pipeline is made of: a function of an image, or a {@link Transform}. */
export type ImageTransform<Output = Tensor> =
  | ((image: Tensor) => Output)
  | { forward(image: Tensor): Output };

/** Calls a function, or a transform's `forward`. */
export function applyTransform<Output>(transform: ImageTransform<Output>, image: Tensor): Output {
  return typeof transform === 'function' ? transform(image) : transform.forward(image);
}

/**
 * Base of all transforms (torchvision.transforms.v2.Transform). Of the sample that `forward` is given, alone or in
 * arrays, plain objects and Maps, in their order, it transforms one image [..., C, H, W], the first plain tensor, and
 * with the same parameters every {@link Mask} and {@link BoundingBoxes}. The rest comes out as it went in. `forward`
 * throws TypeError for a sample without any of them.
 *
 * One's own transform defines `transform`, and `makeParams` where it draws.
 */
export abstract class Transform<Params = unknown, Output = Tensor> extends Module {
  /**
   * What one call draws and computes beforehand (torchvision's `make_params`).
   *
   * @param _image the image; in a sample without one, a tensor [1, H, W] of the size of its mask or boxes
   * @param _annotations what moves along with it
   */
  makeParams(_image: Tensor, _annotations: readonly Annotation[] = []): Params {
    return undefined as Params;
  }

  abstract transform(image: Tensor, params: Params): Output;

  /** What becomes of a mask or boxes. Default: what `transform` makes of them. */
  protected annotate(annotation: Annotation, params: Params): unknown {
    return this.transform(annotation, params);
  }

  /** What is printed of the transform, in the order of Python's attributes; null and undefined are not. */
  protected attributes(): Attributes {
    return {};
  }

  override extraRepr(): string {
    return attributesText(this.attributes());
  }

  override forward<One extends Annotation>(annotation: One): One;
  override forward(image: Tensor): Output;
  override forward<Rest extends unknown[]>(image: Tensor, ...rest: Rest): [Output, ...Rest];
  override forward<Sample>(sample: Sample): Sample;
  override forward(...inputs: unknown[]): unknown {
    return scope(() => {
      const outputs = replaceIn(inputs, this.change(findIn(inputs))) as unknown[];
      return outputs.length === 1 ? outputs[0] : outputs;
    });
  }

  /** All of one call: the parameters, then what becomes of each tensor. */
  protected change(found: Found): Map<unknown, unknown> {
    const { image, annotations } = found;
    const params = this.makeParams(canvasOf(found), annotations);
    const changes = new Map(annotations.map((one) => [one as unknown, this.annotate(one, params)]));
    return image === undefined ? changes : changes.set(image, this.transform(image, params));
  }
}

/** A transform of values: masks and boxes pass through. */
export abstract class ValueTransform<Params = unknown> extends Transform<Params> {
  protected override annotate(annotation: Annotation): Annotation {
    return annotation;
  }
}

export interface RandomApplyTransformOptions {
  /** Default 0.5. */
  p?: number;
}

/** A transform that leaves the sample alone with probability 1 - p (torchvision's `_RandomApplyTransform`). */
export abstract class RandomApplyTransform<Params = unknown> extends Transform<Params> {
  readonly p: number;

  /** @throws ValueError on a `p` outside of [0, 1] */
  constructor(options: RandomApplyTransformOptions = {}) {
    const { p = 0.5, ...others } = options;
    requireKnown(new.target, options, others);
    super();
    this.p = probability(p);
  }

  protected override attributes(): Attributes {
    return { p: float(this.p) };
  }

  protected override change(found: Found): Map<unknown, unknown> {
    return happens(this.p) ? super.change(found) : new Map();
  }
}

/** {@link RandomApplyTransform} of values: masks and boxes pass through. */
export abstract class RandomValueTransform<Params = unknown> extends RandomApplyTransform<Params> {
  protected override annotate(annotation: Annotation): Annotation {
    return annotation;
  }
}

/** @throws ValueError on a number outside of [0, 1] */
export function probability(p: number): number {
  if (p >= 0 && p <= 1) return p;
  throw new ValueError(`\`p\` should be a floating point value in the interval [0.0, 1.0], got ${p}.`);
}
