import { isTensor, type Tensor } from '../tensor.js';

/** Puts other tensors where a value had its own, in the same order. */
export type Tree<T> = (tensors: readonly Tensor[]) => T;

/** The tensors in a value (a tensor, null, or arrays, plain objects and Maps of these) and the shape around them. */
export function treeOf<T>(value: T): [Tensor[], Tree<T>] {
  const tensors: Tensor[] = [];
  const build = branch(value, tensors) as Tree<T>;
  return [tensors, build];
}

function branch(value: unknown, tensors: Tensor[]): Tree<unknown> {
  if (isTensor(value)) {
    const index = tensors.push(value) - 1;
    return (others) => others[index];
  }
  if (value === null || value === undefined) return () => value;
  if (Array.isArray(value)) {
    const elements = value.map((element) => branch(element, tensors));
    return (others) => elements.map((element) => element(others));
  }
  if (value instanceof Map) {
    const entries = [...value].map(([key, element]) => [key, branch(element, tensors)] as const);
    return (others) => new Map(entries.map(([key, element]) => [key, element(others)]));
  }
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).map(([key, element]) => [key, branch(element, tensors)] as const);
    return (others) => Object.fromEntries(entries.map(([key, element]) => [key, element(others)]));
  }
  throw new TypeError(`expected tensors, or arrays, plain objects or Maps of tensors, not ${shown(value)}`);
}

function shown(value: unknown): string {
  return typeof value === 'object' ? (value?.constructor?.name ?? 'an object') : `${typeof value} ${value}`;
}
