// torch.ops: everything that is registered, also by libraries other than libtorch's own.

import { camelToSnake } from './names.js';
import { native } from './native.js';
import { operator } from './ops.js';
import type { Tensor } from './tensor.js';

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

/** `torch.ops.aten.add.Tensor(x, y)`; what is not registered is undefined. */
export const ops: { readonly [namespace: string]: OperatorNamespace } = lazily({}, namespace);
