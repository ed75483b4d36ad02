import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';

/** Where the source files begin in a file of dist/, which says so in comments. */
function sourcesIn(url) {
  const text = readFileSync(fileURLToPath(url), 'utf8');
  return [...text.matchAll(/^\/\/(?:#region)? (lib\/\S+\.ts)$/gm)].map(({ index, 1: source }) => ({
    index,
    source,
  }));
}

/** Which blocks of some of the library's files have run, as V8 counts them. */
export class Coverage {
  #session = new Session();
  #files;
  #reached = new Set();
  #functions = new Map();
  #built;

  /**
   * @param built the file of dist/
   * @param files which of its source files count
   */
  constructor(built, files) {
    this.#built = { url: built, sources: sourcesIn(built) };
    this.#files = files;
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** True when a block ran that had not run before. */
  grew() {
    const before = this.#reached.size;
    for (const { url, functions } of this.#post('Profiler.takePreciseCoverage').result) {
      if (url === this.#built.url) for (const entry of functions) this.#note(entry);
    }
    return this.#reached.size > before;
  }

  /** The functions that never ran, and how many there are. */
  finish() {
    this.grew();
    this.#session.disconnect();
    const names = [...this.#functions];
    return {
      blocks: this.#reached.size,
      functions: names.length,
      unreached: names.filter(([, ran]) => !ran).map(([name]) => name),
    };
  }

  #note({ functionName, ranges }) {
    const [whole] = ranges;
    const file = this.#built.sources.findLast(({ index }) => index <= whole.startOffset)?.source ?? '';
    if (!this.#files.test(file)) return;
    const name = `${file} ${functionName || whole.startOffset}`;
    this.#functions.set(name, this.#functions.get(name) === true || whole.count > 0);
    for (const { startOffset, endOffset, count } of ranges) {
      if (count > 0) this.#reached.add(`${file} ${startOffset} ${endOffset}`);
    }
  }

  #post(method, parameters) {
    let answer;
    this.#session.post(method, parameters, (error, result) => {
      if (error) throw new Error(error.message);
      answer = result;
    });
    return answer;
  }
}
