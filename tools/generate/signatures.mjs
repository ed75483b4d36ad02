// The TypeScript signatures of one overload. Any suffix of the arguments may be given by name in one trailing
// object, so an overload has one signature for each place where that object can start.

import { snakeToCamel } from '../../dist/names.js';
import { argumentType, returnType } from './types.mjs';

const reserved = new Set([
  'var',
  'in',
  'with',
  'function',
  'default',
  'class',
  'new',
  'delete',
  'this',
  'import',
]);

/** A name that may stand in a parameter list or an import, where a reserved word may not. */
export const safeName = (name) => (reserved.has(name) ? `${name}_` : name);

/** Functions that make a tensor from nothing but sizes, dtype and device: they take `requiresGrad` as in Python. */
export const isFactory = ({ name, keyword }) =>
  ['dtype', 'layout', 'device', 'pin_memory'].every((key) =>
    keyword.some((argument) => argument.name === key),
  ) && !['to', '_to_copy'].includes(name);

/** What Python programs do not call: only the object with everything optional is written out, to keep the file small. */
const isInternal = ({ name }) => name.startsWith('_') || /_(backward|forward)(_|$)/.test(name);

const isRequired = ({ hasDefault }) => !hasDefault;

/**
 * @param {import('./schema.mjs').Schema} schema
 * @param {{ method: boolean, out?: import('./schema.mjs').Schema }} form  out: the overload that writes into given
 *   tensors and takes the same arguments otherwise
 * @returns {string[]} most general last, because tsc reports the last one that it tried
 */
export function signatures(schema, { method, out }) {
  const positional = method ? schema.positional.slice(1) : schema.positional;
  const outs = out ? out.keyword.filter((a) => !schema.keyword.some(({ name }) => name === a.name)) : [];
  const optionalOuts = outs.map((argument) => ({ ...argument, hasDefault: true }));
  const keyword = [...schema.keyword, ...optionalOuts];
  const returns =
    method && schema.returns.length === 1 && schema.returns[0].type.alias ? 'this' : returnType(schema);

  const member = (argument) =>
    `${snakeToCamel(argument.name)}${argument.hasDefault ? '?' : ''}: ${argumentType(schema, argument)}`;
  const record = (args) => {
    const members = args.map(member);
    if (isFactory(schema)) members.push('requiresGrad?: boolean');
    return `{ ${members.join('; ')} }`;
  };
  const parameter = (argument, optional) =>
    `${safeName(snakeToCamel(argument.name))}${optional ? '?' : ''}: ${argumentType(schema, argument)}`;
  const signature = (parameters) => `(${parameters.join(', ')}): ${returns}`;

  /** The first `count` arguments by position, the rest by name. */
  const split = (count) => {
    const options = `options: ${record([...positional.slice(count), ...keyword])}`;
    return signature([...positional.slice(0, count).map((argument) => parameter(argument, false)), options]);
  };
  const required = positional.filter(isRequired).length;
  const first = !method && positional[0]?.name === 'self' ? 1 : 0;
  const splits = (from, to) =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => to - 1 - i)
      .filter((count) => !isInternal(schema) || count === required)
      .map(split);

  const all = [];
  if (positional.length === 1 && positional[0].type.list && positional[0].type.base === 'int') {
    const name = snakeToCamel(positional[0].name);
    if (!keyword.some(isRequired)) all.push(signature([`...${name}: [Int, ...Int[]]`]));
    if (keyword.length > 0) all.push(signature([`...args: [Int, ...Int[], options: ${record(keyword)}]`]));
  }
  all.push(...splits(first, required));
  if (keyword.some(isRequired)) {
    all.push(...splits(required, positional.length + 1));
  } else {
    const options = keyword.length > 0 ? [`options?: ${record(keyword)}`] : [];
    const parameters = positional.map((argument) => parameter(argument, argument.hasDefault));
    all.push(signature([...parameters, ...options]), ...splits(required, positional.length));
  }
  return [...new Set(all)];
}
