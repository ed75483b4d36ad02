// torch.ops: everything that is registered, also by libraries other than libtorch's own.

import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { TorchError } from '../errors.js';
import { camelToSnake } from '../names.js';
import { native } from '../native.js';
import type { Tensor } from '../tensor.js';
import { operator } from './ops.js';

/** What the operator gives is for the caller to say: schemas are known at run time only. */
type Call = <R = Tensor>(...args: readonly unknown[]) => R;

/** Called as a function it picks an overload by its arguments; `default` is the overload without a name. */
export interface OperatorPacket extends Call {
  readonly [overload: string]: Call;
}

export interface OperatorNamespace {
  readonly [operator: string]: OperatorPacket;
}

/** The registered name: camelCase is PyTorch's snake_case, and PyTorch's own spelling is taken too. */
function registered(...candidates: string[]): string | undefined {
  return candidates.find((name) => native.lookup(name) !== 0);
}

/** Properties that are made when they are first read. */
function lazily<T extends object>(target: T, make: (name: string) => unknown): T {
  return new Proxy(target, {
    get(known, key) {
      if (typeof key === 'symbol' || Object.hasOwn(known, key)) return Reflect.get(known, key);
      const value = make(key);
      if (value !== undefined) Object.defineProperty(known, key, { value });
      return value;
    },
  });
}

function packet(name: string): OperatorPacket {
  const call = operator(name);
  const target = (...args: unknown[]) => call(...args);
  return lazily(target, (overload) => {
    const found = registered(`${name}.${overload}`);
    return found && operator(found);
  }) as unknown as OperatorPacket;
}

function namespace(name: string): OperatorNamespace {
  return lazily({}, (op) => {
    const found = registered(`${name}::${camelToSnake(op)}`, `${name}::${op}`);
    return found && packet(found);
  });
}

const loadedLibraries = new Set<string>();

/**
 * Loads a shared library that registers operators (torch.ops.load_library); they are in `torch.ops` from then on, and
 * the library stays loaded. Throws TorchError, whose cause says what the dynamic linker found.
 */
function loadLibrary(path: string): void {
  if (typeof path !== 'string')
    throw new TypeError(`the path of a library must be a string, not ${typeof path}`);
  const resolved = existsSync(path) ? realpathSync(path) : resolve(path);
  try {
    native.loadLibrary(resolved);
  } catch (cause) {
    throw new TorchError(`Could not load this library: ${resolved}`, { cause });
  }
  loadedLibraries.add(resolved);
}

interface Libraries {
  loadLibrary: typeof loadLibrary;
  /** Absolute paths of what {@link loadLibrary} has loaded in this thread. */
  readonly loadedLibraries: ReadonlySet<string>;
}

/** `torch.ops.aten.add.Tensor(x, y)`; what is not registered is undefined. */
export const ops = lazily({ loadLibrary, loadedLibraries }, namespace) as unknown as Libraries & {
  readonly [namespace: string]: OperatorNamespace;
};
