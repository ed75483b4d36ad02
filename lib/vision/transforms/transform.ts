import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { Module } from '../../nn/index.js';
import { isTensor, type Tensor } from '../../tensor.js';
import { happens } from '../draws.js';

/** What a pipeline is made of: a function of an image, or a {@link Transform}. */
export type ImageTransform<Output = Tensor> =
  | ((image: Tensor) => Output)
  | { forward(image: Tensor): Output };

/** Calls a function, or a transform's `forward`. */
export function applyTransform<Output>(transform: ImageTransform<Output>, image: Tensor): Output {
  return typeof transform === 'function' ? transform(image) : transform.forward(image);
}

/**
 * Base of all transforms (torchvision.transforms.v2.Transform). It transforms one image [..., C, H, W]: the first
 * tensor of what `forward` is given, alone or in arrays, plain objects and Maps, in their order. The rest of a sample
 * comes out as it went in. `forward` throws TypeError for a sample without a tensor.
 *
 * One's own transform defines `transform`, and `makeParams` where it draws.
 */
export abstract class Transform<Params = unknown, Output = Tensor> extends Module {
  /** What one call draws and computes beforehand (torchvision's `make_params`). */
  makeParams(_image: Tensor): Params {
    return undefined as Params;
  }

  abstract transform(image: Tensor, params: Params): Output;

  override forward(image: Tensor): Output;
  override forward<Rest extends unknown[]>(image: Tensor, ...rest: Rest): [Output, ...Rest];
  override forward<Sample>(sample: Sample): Sample;
  override forward(...inputs: unknown[]): unknown {
    return scope(() => {
      const found = replaceFirst(inputs, (image) => this.draw(image));
      if (found === undefined) throw new TypeError('No image or video was found in the sample');
      const outputs = found.value as unknown[];
      return outputs.length === 1 ? outputs[0] : outputs;
    });
  }

  /** All of one call: parameters, then the image. */
  protected draw(image: Tensor): Output {
    return this.transform(image, this.makeParams(image));
  }
}

export interface RandomApplyTransformOptions {
  /** Default 0.5. */
  p?: number;
}

/** A transform that leaves the image alone with probability 1 - p (torchvision's `_RandomApplyTransform`). */
export abstract class RandomApplyTransform<Params = unknown> extends Transform<Params> {
  readonly p: number;

  /** @throws ValueError on a `p` outside of [0, 1] */
  constructor({ p = 0.5 }: RandomApplyTransformOptions = {}) {
    super();
    this.p = probability(p);
  }

  protected override draw(image: Tensor): Tensor {
    return happens(this.p) ? super.draw(image) : image;
  }
}

/** @throws ValueError on a number outside of [0, 1] */
export function probability(p: number): number {
  if (p >= 0 && p <= 1) return p;
  throw new ValueError(`\`p\` should be a floating point value in the interval [0.0, 1.0], got ${p}.`);
}

function replaceFirst(value: unknown, change: (image: Tensor) => unknown): { value: unknown } | undefined {
  if (isTensor(value)) return { value: change(value) };
  if (Array.isArray(value)) return replaceIn(value.entries(), change, (i, made) => value.with(i, made));
  if (value instanceof Map) {
    return replaceIn(value.entries(), change, (key, made) => new Map(value).set(key, made));
  }
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return replaceIn(Object.entries(value), change, (key, made) => ({ ...value, [key]: made }));
  }
  return undefined;
}

function replaceIn<Key>(
  entries: Iterable<[Key, unknown]>,
  change: (image: Tensor) => unknown,
  put: (key: Key, made: unknown) => unknown,
): { value: unknown } | undefined {
  for (const [key, element] of entries) {
    const found = replaceFirst(element, change);
    if (found !== undefined) return { value: put(key, found.value) };
  }
  return undefined;
}
