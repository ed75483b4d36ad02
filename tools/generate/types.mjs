// Schema types as TypeScript types: what may be given, and what comes back.

const given = {
  Tensor: 'Tensor',
  int: 'Int',
  float: 'Float',
  bool: 'boolean',
  Scalar: 'Scalar',
  str: 'string',
  ScalarType: 'DType',
  Layout: 'Layout',
  Device: 'DeviceLike',
  MemoryFormat: 'MemoryFormat',
  Generator: 'Generator',
};

const returned = { ...given, int: 'number', float: 'number', QScheme: 'number' };

/** Names for which Python's parser takes a number as a tensor: python_arg_parser.cpp, should_allow_numbers_as_tensors. */
const takesNumbers = new Set(
  'add sub mul div subtract multiply divide true_divide floor_divide copy'
    .split(' ')
    .flatMap((name) => [name, `${name}_`]),
);

/** Their overloads for a Scalar are out of reach, in Python and here: the number becomes a tensor. */
export const isHidden = ({ name, positional }) =>
  takesNumbers.has(name) && positional[1]?.type.base === 'Scalar';

/** Whether every argument and result has a TypeScript form: Storage, Stream and TorchScript classes have none. */
export const isSupported = ({ positional, keyword, returns }) =>
  [...positional, ...keyword].every(({ type }) => type.base in given) &&
  returns.every(({ type }) => type.base in returned);

/** @param {import('./schema.mjs').Schema} schema  @param {import('./schema.mjs').Argument} argument */
export function argumentType(schema, { type }) {
  let text = given[type.base];
  if (type.base === 'Tensor' && !type.list && takesNumbers.has(schema.name)) text = 'Operand';
  if (type.list) {
    const one = text;
    if (type.base === 'int') text = 'Ints';
    else text = type.optionalElement ? `readonly (${one} | null)[]` : `readonly ${one}[]`;
    if (type.length > 0) text = `${one} | ${text}`;
  }
  return type.optional ? `${text} | null` : text;
}

/** `[values: Tensor, indices: Tensor]` for several results. */
export function returnType({ returns }) {
  const one = ({ type }) => returned[type.base] + (type.list ? '[]' : '') + (type.optional ? ' | null' : '');
  if (returns.length === 0) return 'void';
  if (returns.length === 1) return one(returns[0]);
  const named = returns.every(({ name }) => name);
  return `[${returns.map((part) => (named ? `${part.name}: ` : '') + one(part)).join(', ')}]`;
}
