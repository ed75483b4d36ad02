// Every operator, by name: nothing here knows any of them.

import { chosenDevice, heeding } from '../default-device.js';
import { NotImplementedError, TorchError } from '../errors.js';
import { factoryNames, functionNames, methodNames, propertyNames } from '../generated/names.js';
import type { AtenFunctions } from '../generated/ops.js';
import { snakeToCamel } from '../names.js';
import { native } from '../native.js';
import { handleOf, isTensor, Tensor } from '../tensor.js';
import { isOptions, writeArguments } from './arguments.js';
import { observer } from './observer.js';
import { readResults } from './results.js';
import { checked } from './unchecked.js';

function lookup(name: string): number {
  const op = native.lookup(name);
  if (op === 0) throw new NotImplementedError(`libtorch ${native.versions().torch} has no operator ${name}`);
  return op;
}

function invoke(name: string, op: number, self: Tensor | undefined, args: unknown[]): unknown {
  const strings = writeArguments(op, self, args);
  const anchors = strings === undefined ? native.call() : native.call(strings);
  const result = readResults(anchors, self, args);
  observer?.(name, result);
  return result;
}

type Call = (...args: unknown[]) => unknown;

/** The function form of a registered operator: `operator('aten::add')(x, y)`. It is looked up at the first call. */
export function operator(qualifiedName: string): Call {
  let op = 0;
  return checked(qualifiedName, (...args) => {
    if (op === 0) op = lookup(qualifiedName);
    return invoke(qualifiedName, op, undefined, args);
  });
}

function method(qualifiedName: string): Call {
  let op = 0;
  return function (this: Tensor, ...args) {
    if (op === 0) op = lookup(qualifiedName);
    if (!isTensor(this)) throw new TypeError(`${qualifiedName} was called on something that is no Tensor`);
    return invoke(qualifiedName, op, this, args);
  };
}

const factories = new Set(factoryNames);

/** Adds the default device, where one is set. */
function placing(call: Call): Call {
  return function (this: unknown, ...args) {
    const device = chosenDevice();
    if (device === undefined) return call.apply(this, args);
    const options = args.at(-1);
    if (!isOptions(options)) return call.call(this, ...args, { device });
    return call.call(this, ...args.slice(0, -1), { ...options, device: options.device ?? device });
  };
}

/** Python takes dtype, layout and device beside `out` where they are its own. */
function besideOut(options: Record<string, unknown>, out: Tensor): Record<string, unknown> {
  const { dtype, layout, device, ...others } = options;
  if (dtype != null && dtype !== out.dtype) {
    throw new TorchError(`dtype ${dtype} does not match dtype of out parameter (${out.dtype})`);
  }
  if (layout != null && layout !== out.layout) {
    throw new TorchError(`layout ${layout} does not match layout of out parameter (${out.layout})`);
  }
  if (device != null && !`${out.device}`.startsWith(`${device}`)) {
    throw new TorchError(`device type ${device} does not match device type of out parameter (${out.device})`);
  }
  return others;
}

/** Adds Python's `requiresGrad` keyword, which no schema has, and the default device. */
function factory(name: string, plain: Call): Call {
  const call = heeding.has(name) ? placing(plain) : plain;
  return function (this: unknown, ...args) {
    const options = args.at(-1);
    if (!isOptions(options)) return call.apply(this, args);
    const { out, requiresGrad } = options;
    if (out === undefined && requiresGrad === undefined) return call.apply(this, args);
    const { requiresGrad: _, ...others } = isTensor(out) ? besideOut(options, out) : options;
    const made = call.apply(this, [...args.slice(0, -1), others]) as Tensor;
    if (requiresGrad !== undefined) native.setRequiresGrad(handleOf(made), requiresGrad as boolean);
    return made;
  };
}

for (const name of methodNames) {
  const call = method(`aten::${name}`);
  const value = factories.has(name) ? factory(name, call) : call;
  Object.defineProperty(Tensor.prototype, snakeToCamel(name), { value, writable: true, configurable: true });
}

for (const [name, op] of Object.entries(propertyNames)) {
  Object.defineProperty(Tensor.prototype, name, { get: method(`aten::${op}`), configurable: true });
}

/** Every function-form operator of every Python module, by camelCase name: `aten.conv2d(x, w)`. */
export const aten = {} as AtenFunctions;
for (const name of Object.values(functionNames).flat()) {
  const call = operator(`aten::${name}`);
  (aten as unknown as Record<string, Call>)[snakeToCamel(name)] = factories.has(name)
    ? factory(name, call)
    : call;
}

/** Every schema that the loaded libtorch registers. */
export function schemas(): string[] {
  return native.schemas();
}
