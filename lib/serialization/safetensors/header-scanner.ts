import { SafetensorError } from './errors.js';

const SPACE = /[ \t\n\r]*/y;
const INTEGER = /0|[1-9][0-9]*/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads the JSON that a header consists of: objects, strings, lists of natural numbers. JSON.parse would keep the last
 * of two equal keys, give `__proto__` a meaning and round numbers beyond 2^53.
 */
export class HeaderScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads an object; `readValue` reads the value of each key, and has to. */
  object(readValue: (key: string) => void): void {
    const seen = new Set<string>();
    this.#list('{', '}', () => {
      const key = this.string();
      if (seen.has(key)) this.#fail(`the key ${JSON.stringify(key)} comes twice`);
      seen.add(key);
      this.#expect(':');
      readValue(key);
    });
  }

  naturalNumbers(): number[] {
    const numbers: number[] = [];
    this.#list('[', ']', () => numbers.push(this.#naturalNumber()));
    return numbers;
  }

  string(): string {
    this.#skipSpace();
    const start = this.#at;
    if (this.#text.charCodeAt(start) !== QUOTE) this.#fail('there should be a string');
    let end = start + 1;
    for (let code = 0; ; end += code === BACKSLASH ? 2 : 1) {
      code = this.#text.charCodeAt(end);
      if (code === QUOTE) break;
      if (Number.isNaN(code)) this.#fail('a string does not end');
    }
    this.#at = end + 1;
    const text = this.#unescape(this.#text.slice(start, this.#at));
    if (/\p{Surrogate}/u.test(text)) this.#fail('a string is not valid Unicode');
    return text;
  }

  /** Makes sure that nothing but space follows. */
  end(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('there is something after the end');
  }

  #unescape(literal: string): string {
    try {
      return JSON.parse(literal) as string;
    } catch {
      this.#fail('a string is not valid');
    }
  }

  #naturalNumber(): number {
    this.#skipSpace();
    const digits = this.#match(INTEGER);
    const value = Number(digits);
    if (digits === '') this.#fail('there should be an integer, 0 or more');
    if (!Number.isSafeInteger(value)) this.#fail(`the number ${digits} is too large`);
    return value;
  }

  #list(open: string, close: string, readItem: () => void): void {
    this.#expect(open);
    if (this.#skip(close)) return;
    do readItem();
    while (this.#skip(','));
    this.#expect(close);
  }

  #expect(character: string): void {
    if (!this.#skip(character)) this.#fail(`there should be a '${character}'`);
  }

  #skip(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += text.length;
    return text;
  }

  #fail(problem: string): never {
    throw new SafetensorError(`the header is not as it should be: ${problem} (at character ${this.#at})`);
  }
}
