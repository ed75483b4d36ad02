// Options are passed by name. What is passed in another way would be ignored without a word, and TypeScript's compiler
// is not there for everyone.

import { DType } from './dtype.js';
import { snakeToCamel } from './names.js';
import { typeText } from './python-text.js';
import { isTensor } from './tensor.js';

type Named = { readonly name: string };

/** Throws TypeError unless `given`, which stands where options belong, is an object of them. */
export function requireOptions({ name }: Named, given: unknown): void {
  const isObject = typeof given === 'object' && given !== null;
  const isValue = isTensor(given) || Array.isArray(given) || given instanceof DType;
  if (given === undefined || (isObject && !isValue)) return;
  const shown = isObject ? typeText(given) : String(given);
  // Two functions of one name in a file of dist/ are told apart by a number.
  throw new TypeError(
    `${name.replace(/\$\d+$/, '')}() takes its options by name, { option: value }, but got ${shown} in their place`,
  );
}

/** Throws TypeError where `others`, the rest of `given`, is not empty. */
export function requireKnown(owner: Named, given: unknown, others: object): void {
  requireOptions(owner, given);
  for (const [key, value] of Object.entries(others)) {
    if (value === undefined) continue;
    const advice = key.includes('_') ? `: did you mean '${snakeToCamel(key)}'?` : '';
    throw new TypeError(`${owner.name}() got an unexpected option '${key}'${advice}`);
  }
}

/** Throws TypeError where `given` has an option that is not among the names of all of them. */
export function requireNames<Options extends object>(
  owner: Named,
  given: Options,
  names: { readonly [Name in keyof NoInfer<Options>]-?: true },
): void {
  const others = Object.entries(given ?? {}).filter(([key]) => !Object.hasOwn(names, key));
  requireKnown(owner, given, Object.fromEntries(others));
}
