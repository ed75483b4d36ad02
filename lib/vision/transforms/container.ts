import { tensor } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { requireKnown, requireNames } from '../../options.js';
import { valueText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { choose, happens, randperm } from '../draws.js';
import type { Annotation } from './sample.js';
import { type ImageTransform, probability, Transform } from './transform.js';

/** An image's transform, or one of a whole sample, such as MixUp's of images and labels. */
export type SampleTransform = ImageTransform | { forward(image: Tensor, label: Tensor): unknown };

/** Base of what is made of other transforms, each of which is given the whole sample. */
abstract class Container extends Transform {
  readonly transforms: readonly SampleTransform[];

  /** @throws ValueError on an empty list */
  constructor(transforms: readonly SampleTransform[]) {
    super();
    if (!Array.isArray(transforms)) {
      throw new TypeError('Argument transforms should be a sequence of callables');
    }
    if (transforms.length === 0) throw new ValueError('Pass at least one transform');
    this.transforms = transforms;
  }

  /** What one call applies, in this order. */
  protected abstract chosen(): readonly SampleTransform[];

  override forward<One extends Annotation>(annotation: One): One;
  override forward(image: Tensor): Tensor;
  override forward<Rest extends unknown[]>(image: Tensor, ...rest: Rest): [Tensor, ...Rest];
  override forward<Sample>(sample: Sample): Sample;
  override forward(...inputs: unknown[]): unknown {
    return scope(() =>
      this.chosen().reduce<unknown>(
        (sample, transform) => apply(transform, inputs.length === 1 ? [sample] : (sample as unknown[])),
        inputs.length === 1 ? inputs[0] : inputs,
      ),
    );
  }

  override transform(image: Tensor): Tensor {
    return this.forward(image);
  }
}

function apply(transform: SampleTransform, inputs: unknown[]): unknown {
  const call = typeof transform === 'function' ? transform : transform.forward.bind(transform);
  return (call as (...inputs: unknown[]) => unknown)(...inputs);
}

function transformText(transform: SampleTransform): string {
  return typeof transform === 'function' ? `<function ${transform.name || '<lambda>'}>` : `${transform}`;
}

const listText = (transforms: readonly SampleTransform[]) => `[${transforms.map(transformText).join(', ')}]`;

const linesText = (transforms: readonly SampleTransform[]) =>
  transforms.map((transform) => `    ${transformText(transform)}`).join('\n');

/** One transform after the other. */
export class Compose extends Container {
  override extraRepr(): string {
    return linesText(this.transforms);
  }

  protected override chosen(): readonly SampleTransform[] {
    return this.transforms;
  }
}

/** All transforms with probability `p` (default 0.5), else none. */
export class RandomApply extends Container {
  readonly p: number;

  constructor(transforms: readonly SampleTransform[], options: { p?: number } = {}) {
    const { p = 0.5, ...others } = options;
    requireKnown(new.target, options, others);
    super(transforms);
    this.p = probability(p);
  }

  override extraRepr(): string {
    return linesText(this.transforms);
  }

  protected override chosen(): readonly SampleTransform[] {
    return happens(this.p) ? this.transforms : [];
  }
}

/** One of the transforms, drawn by the weights `p`, which need not sum up to 1 (default: all alike). */
export class RandomChoice extends Container {
  readonly p: readonly number[];

  /** @throws ValueError unless there is a weight for each transform */
  constructor(transforms: readonly SampleTransform[], options: { p?: readonly number[] | null } = {}) {
    requireNames(new.target, options, { p: true });
    super(transforms);
    const weights = options.p ?? transforms.map(() => 1);
    if (weights.length !== transforms.length) {
      throw new ValueError(
        `Length of p doesn't match the number of transforms: ${weights.length} != ${transforms.length}`,
      );
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.p = weights.map((weight) => weight / total);
  }

  override extraRepr(): string {
    return `transforms=${listText(this.transforms)}, p=${valueText(this.p)}`;
  }

  protected override chosen(): readonly SampleTransform[] {
    const index = scope(() => choose(tensor(this.p)));
    return [this.transforms[index] as SampleTransform];
  }
}

/** All transforms, in an order that is drawn. */
export class RandomOrder extends Container {
  override extraRepr(): string {
    return `transforms=${listText(this.transforms)}`;
  }

  protected override chosen(): readonly SampleTransform[] {
    return randperm(this.transforms.length).map((index) => this.transforms[index] as SampleTransform);
  }
}
