import { CorruptArchiveError } from '../errors.js';

/** A string, bool or natural number; a list or tuple is an array, a dict a Map. */
export type Literal = string | boolean | number | Literal[] | Map<string, Literal>;

// The L of Python 2's long numbers means nothing.
const TOKEN = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(True|False)\b|(\d+)L?\b|([{}()[\],:]))/y;
const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };
const DEEPEST = 100;

/** Reads what Python's `repr` makes of the values that the header of an .npy file holds. Throws CorruptArchiveError. */
export function readLiteral(text: string): Literal {
  let at = 0;
  const fail = (): never => {
    throw new CorruptArchiveError(`its header cannot be read (at character ${at}): ${text.slice(0, 100)}`);
  };
  const token = (): RegExpExecArray => {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text) ?? fail();
    at = TOKEN.lastIndex;
    return match;
  };
  const skip = (mark: string): boolean => {
    const before = at;
    if (token()[5] === mark) return true;
    at = before;
    return false;
  };
  const value = (depth: number): Literal => {
    const [, single, double, truth, digits, mark = ''] = token();
    if (single !== undefined || double !== undefined) return (single ?? double) as string;
    if (truth !== undefined) return truth === 'True';
    if (digits !== undefined) return Number(digits);
    const closing = CLOSING[mark] ?? fail();
    if (depth === DEEPEST) fail();
    const items: Literal[] = [];
    const entries = new Map<string, Literal>();
    for (let first = true; !skip(closing); first = false) {
      if (!first && !skip(',')) fail();
      if (!first && skip(closing)) break;
      const item = value(depth + 1);
      if (mark !== '{') items.push(item);
      else if (typeof item === 'string' && skip(':')) entries.set(item, value(depth + 1));
      else fail();
    }
    return mark === '{' ? entries : items;
  };
  const result = value(0);
  if (at < text.length) fail();
  return result;
}
