// Options are passed by name. What is passed in another way would be ignored without a word, and TypeScript's compiler
// is not there for everyone.

import { DType } from './dtype.js';
import { snakeToCamel } from './names.js';
import { typeText } from './python-text.js';
import { isTensor } from './tensor.js';

type Named = { readonly name: string };

/** All names that options of this type have. A function that is called often makes its constant of them once. */
export type Names<Options> = { readonly [Name in keyof Options]-?: true };

/** As the function is called: two of one name in a file of dist/ are told apart by a number. */
const called = ({ name }: Named) => name.replace(/\$\d+$/, '');

/** Throws TypeError unless `given`, which stands where options belong, is an object of them. */
export function requireOptions(owner: Named, given: unknown): void {
  const isObject = typeof given === 'object' && given !== null;
  const isValue = isTensor(given) || Array.isArray(given) || given instanceof DType;
  if (given === undefined || (isObject && !isValue)) return;
  const shown = isObject ? typeText(given) : String(given);
  throw new TypeError(
    `${called(owner)}() takes its options by name, { option: value }, but got ${shown} in their place`,
  );
}

function refuse(owner: Named, given: object, key: string): void {
  if (!Object.hasOwn(given, key) || given[key as keyof typeof given] === undefined) return;
  const advice = key.includes('_') ? `: did you mean '${snakeToCamel(key)}'?` : '';
  throw new TypeError(`${called(owner)}() got an unexpected option '${key}'${advice}`);
}

/** Throws TypeError where `others`, the rest of `given`, is not empty. */
export function requireKnown(owner: Named, given: unknown, others: object): void {
  requireOptions(owner, given);
  for (const key in others) refuse(owner, others, key);
}

/** Throws TypeError where `given` is no object of options, or has one that is not among the names of all of them. */
export function requireNames<Options extends object>(
  owner: Named,
  given: Options | undefined,
  names: Names<NoInfer<Options>>,
): void {
  // What is written as `{ ... }` is no value of another kind; to ask that first is what makes this cheap.
  if (given?.constructor !== Object) requireOptions(owner, given);
  for (const key in given) {
    if (names[key] !== true) refuse(owner, given, key);
  }
}
