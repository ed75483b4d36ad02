import type { Tuple } from '../tuple.js';

// What a pickle holds besides plain values, on the way out. Reading has its own forms (see pickle-globals.ts).

/** A class or function by name. */
export class PythonGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
}

/** The call `callee(*args)`. */
export class PythonCall {
  readonly callee: PythonGlobal;
  readonly args: Tuple;

  constructor(callee: PythonGlobal, args: Tuple) {
    this.callee = callee;
    this.args = args;
  }
}

/** An object that lies outside the pickle; PyTorch refers to storages this way. */
export class PersistentId {
  readonly id: Tuple;

  constructor(id: Tuple) {
    this.id = id;
  }
}

/** A str that is another object than every equal one; the keys of storages are. It is written once per object. */
export class OwnString {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
