import { Session } from 'node:inspector';

/** Which blocks of some of the library's files have run, as V8 counts them. */
export class Coverage {
  #session = new Session();
  #files;
  #reached = new Set();
  #functions = new Map();

  /** @param files which URLs count */
  constructor(files) {
    this.#files = files;
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** True when a block ran that had not run before. */
  grew() {
    const before = this.#reached.size;
    for (const { url, functions } of this.#post('Profiler.takePreciseCoverage').result) {
      if (this.#files.test(url)) for (const entry of functions) this.#note(url, entry);
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

  #note(url, { functionName, ranges }) {
    const file = url.split('/').at(-1);
    const [whole] = ranges;
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
