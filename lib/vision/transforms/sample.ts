import { ValueError } from '../../errors.js';
import { aten } from '../../operators/ops.js';
import { tupleText } from '../../python-text.js';
import { isTensor, type Tensor } from '../../tensor.js';
import { getSize } from '../functional/dimensions.js';
import { BoundingBoxes } from '../tv-tensors/bounding-boxes.js';
import { Mask } from '../tv-tensors/mask.js';

/** What moves along with the image of its sample. */
export type Annotation = Mask | BoundingBoxes;

/** What a transform changes in a sample. */
export interface Found {
  image: Tensor | undefined;
  annotations: Annotation[];
}

/**
 * The first plain tensor of a sample, alone or in arrays, plain objects and Maps, and all masks and boxes.
 *
 * @throws TypeError where there is none of them
 */
export function findIn(sample: unknown): Found {
  const tensors = leavesOf(sample).filter(isTensor);
  const annotations = tensors.filter(isAnnotation);
  const image = tensors.find((tensor) => !isAnnotation(tensor));
  if (image === undefined && annotations.length === 0) {
    throw new TypeError('No image, video, mask or bounding box was found in the sample');
  }
  return { image, annotations };
}

/** A tensor [..., H, W] with the size of the sample's image. */
export function canvasOf({ image, annotations }: Found): Tensor {
  if (image !== undefined) return image;
  const [height, width] = getSize(annotations[0] as Annotation);
  return aten.empty([1, height, width], { device: 'meta' });
}

/**
 * Height and width of all parts of a sample (torchvision's `query_size`).
 *
 * @throws ValueError where they differ
 */
export function commonSize(
  image: Tensor,
  annotations: readonly Annotation[],
): [height: number, width: number] {
  const sizes = [image, ...annotations].map(getSize);
  const [first] = sizes as [[number, number], ...unknown[]];
  if (sizes.every((size) => `${size}` === `${first}`)) return first;
  const different = [...new Set(sizes.map(tupleText))].sort();
  throw new ValueError(`Found multiple HxW dimensions in the sample: ${different.join(', ')}`);
}

export function isAnnotation(value: unknown): value is Annotation {
  return value instanceof Mask || value instanceof BoundingBoxes;
}

/** The error of a transform that masks and boxes cannot follow. */
export function unsupported(annotation: Annotation, transform: object): TypeError {
  const [kind, name] = [annotation.constructor.name, transform.constructor.name];
  return new TypeError(`Inputs of type ${kind} are not supported by ${name}()`);
}

/** The same sample with other tensors in their places; what holds none of them stays the object it is. */
export function replaceIn(value: unknown, changes: ReadonlyMap<unknown, unknown>): unknown {
  if (changes.has(value)) return changes.get(value);
  const entries = entriesOf(value);
  if (entries === undefined) return value;
  const replaced = entries.map(([key, element]) => [key, replaceIn(element, changes)] as const);
  if (replaced.every(([, element], i) => element === entries[i]?.[1])) return value;
  if (Array.isArray(value)) return replaced.map(([, element]) => element);
  return value instanceof Map ? new Map(replaced) : Object.fromEntries(replaced);
}

/** What is no array, plain object or Map, or what `isLeaf` says is one thing, in its order. */
export function leavesOf(value: unknown, isLeaf: (value: unknown) => boolean = () => false): unknown[] {
  const entries = isLeaf(value) ? undefined : entriesOf(value);
  return entries === undefined ? [value] : entries.flatMap(([, element]) => leavesOf(element, isLeaf));
}

function entriesOf(value: unknown): (readonly [key: never, element: unknown])[] | undefined {
  if (Array.isArray(value)) return [...value.entries()] as [never, unknown][];
  if (value instanceof Map) return [...value.entries()] as [never, unknown][];
  const isPlain =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? (Object.entries(value) as [never, unknown][]) : undefined;
}
