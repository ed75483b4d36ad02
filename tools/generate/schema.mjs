// Reads the one-line text of a registered schema: `aten::sum.out(Tensor self, *, ScalarType? dtype=None) -> Tensor`.

/**
 * @typedef {{ base: string, optional: boolean, list: boolean, length: number, optionalElement: boolean,
 *   alias: boolean }} Type  `int[2]?` is an optional list of length 2 (0: any length)
 * @typedef {{ name: string, type: Type, hasDefault: boolean }} Argument
 * @typedef {{ name: string, overload: string, positional: Argument[], keyword: Argument[],
 *   returns: Argument[], text: string }} Schema
 */

/** Splits at the commas that are not inside brackets or quotes. */
function splitList(text) {
  const parts = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') quoted = !quoted;
    else if (quoted) continue;
    else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  const last = text.slice(start).trim();
  return last ? [...parts, last] : parts;
}

/** @returns {Type} */
function parseType(text) {
  const plain = text
    .replace(/\([\w!|]+( -> [^)]*)?\)/g, '')
    .replaceAll(/Sym(Int|Bool)/g, (_, t) => t.toLowerCase());
  const [, base, optionalElement, list, length, optional] = plain.match(/^(.*?)(\??)(\[(\d*)\])?(\??)$/);
  return {
    base,
    optional: Boolean(optional) || (!list && Boolean(optionalElement)),
    list: Boolean(list),
    length: Number(length),
    optionalElement: Boolean(list && optionalElement),
    alias: text.includes('!'),
  };
}

/** @returns {Argument} */
function parseArgument(text) {
  const match = text.match(/^(.*?)\s(\w+)(=.*)?$/);
  return { name: match[2], type: parseType(match[1]), hasDefault: match[3] !== undefined };
}

/** @returns {Schema} */
export function parseSchema(text) {
  const [, qualified, args, returns] = text.match(/^([\w:.]+)\((.*)\) -> (.*)$/);
  const [name, overload = ''] = qualified.replace(/^\w+::/, '').split('.');
  const parts = splitList(args);
  const star = parts.indexOf('*');
  const list = returns.startsWith('(') ? splitList(returns.slice(1, -1)) : [returns];
  return {
    name,
    overload,
    positional: (star < 0 ? parts : parts.slice(0, star)).map(parseArgument),
    keyword: star < 0 ? [] : parts.slice(star + 1).map(parseArgument),
    returns: list.map((part) => {
      const named = part.match(/^(.*[^,\s])\s(\w+)$/);
      return named && !part.endsWith(')')
        ? { name: named[2], type: parseType(named[1]), hasDefault: false }
        : { name: '', type: parseType(part), hasDefault: false };
    }),
    text,
  };
}

/** Whether the results go into tensors that the caller brings. */
export const isOut = (schema) => schema.keyword.some(({ type, hasDefault }) => type.alias && !hasDefault);
