import { valueText } from '../../python-text.js';
import { float, type TorchFloat } from '../../scalar.js';
import { Tuple } from '../../tuple.js';
import type { ResizeOptions } from '../functional/resize.js';

/** What Python prints of a transform, by names in camelCase. */
export type Attributes = Record<string, unknown>;

/** `size=(64, 64), antialias=True`: without what is null or left out. */
export function attributesText(attributes: Attributes): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${snakeCase(name)}=${valueText(value)}`)
    .join(', ');
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Numbers that Python holds as floats: 1 prints as 1.0. A tuple stays one. */
export function floats(values: readonly number[]): TorchFloat[] {
  const all = values.map(float);
  return values instanceof Tuple ? Tuple.from(all) : all;
}

/** How a transform resizes. */
export function resizingAttributes(options: Pick<ResizeOptions, 'interpolation' | 'antialias'>): Attributes {
  const { interpolation = 'bilinear', antialias = true } = options;
  return { interpolation, antialias };
}
