// What `load(path, { keepUnknown: true })` makes of classes and functions that it does not know. Records only: nothing
// of the file is called.

/** A class or function of Python, by its name. */
export class UnknownGlobal {
  /** `module.name`. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  toString(): string {
    return this.name;
  }
}

/** An object of Python, with all that the file says about it. */
export class UnknownObject {
  /** `module.name` of its class, or of the function that would make it. */
  readonly className: string;
  /** The arguments of that call. */
  readonly args: readonly unknown[];
  /** Its `__dict__` as a Map, or whatever its `__setstate__` would get; undefined where the file has none. */
  state: unknown;
  /** What is appended or added to it. */
  readonly items: unknown[] = [];
  /** What is set in it by key. */
  readonly entries = new Map<unknown, unknown>();

  constructor(className: string, args: readonly unknown[]) {
    this.className = className;
    this.args = args;
  }
}
