// Parameters without a layer around them.

import { IndexError, TorchError } from '../errors.js';
import { OrderedDict } from '../ordered-dict.js';
import { typeText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Module } from './module.js';
import { pairs } from './module-dict.js';
import type { Member } from './module-tree.js';
import { isParameter, Parameter } from './parameter.js';

/** Tensors become parameters; anything else is kept as it is. */
function asMember(value: unknown): unknown {
  return isTensor(value) && !isParameter(value) ? new Parameter(value) : value;
}

const tensorTypes: Record<string, string> = {
  float32: 'Float',
  float64: 'Double',
  float16: 'Half',
  bfloat16: 'BFloat16',
  int64: 'Long',
  int32: 'Int',
  int16: 'Short',
  int8: 'Char',
  uint8: 'Byte',
  bool: 'Bool',
  complex64: 'ComplexFloat',
  complex128: 'ComplexDouble',
};

/** Python's `tensor.type()`: the class of a tensor before dtypes were objects. */
function typeName({ dtype, device }: Tensor): string {
  return `torch.${device.type === 'cpu' ? '' : `${device.type}.`}${tensorTypes[dtype.name]}Tensor`;
}

function line(name: string, value: unknown, type: (tensor: Tensor) => string): string {
  if (!isTensor(value)) return `  (${name}): Object of type: ${typeText(value)}`;
  const place = value.device.type === 'cuda' ? ` (${value.device})` : '';
  const kind = isParameter(value) ? 'Parameter' : 'Tensor';
  return `  (${name}): ${kind} containing: [${type(value)} of size ${value.shape.join('x')}${place}]`;
}

/** A list whose tensors are parameters of the module that holds it. */
export class ParameterList<T = Parameter> extends Module implements Iterable<T> {
  private readonly _values: unknown[] = [];

  constructor(values: Iterable<T | Tensor> = []) {
    super();
    this.extend(values);
  }

  protected override *members(): Iterable<Member> {
    for (const [i, value] of this._values.entries()) yield [String(i), value, String(i)];
  }

  protected override memberAt(field: string): unknown {
    return this._values[Number(field)];
  }

  protected override setMember(field: string, value: unknown): void {
    this._values[Number(field)] = value;
  }

  get length(): number {
    return this._values.length;
  }

  private placeOf(index: number): number {
    const { length } = this;
    if (!Number.isInteger(index) || index < -length || index >= length) {
      throw new IndexError(`index ${index} is out of range`);
    }
    return index < 0 ? index + length : index;
  }

  /** The value at `index`, from the end if negative. Throws IndexError. */
  at(index: number): T {
    return this._values[this.placeOf(index)] as T;
  }

  set(index: number, value: T | Tensor): this {
    this._values[this.placeOf(index)] = asMember(value);
    return this;
  }

  append(value: T | Tensor): this {
    this._values.push(asMember(value));
    return this;
  }

  extend(values: Iterable<T | Tensor>): this {
    if (isTensor(values) || typeof values !== 'object' || !(Symbol.iterator in values)) {
      throw new TypeError(
        `ParameterList.extend should be called with an iterable, but got ${typeText(values)}`,
      );
    }
    for (const value of [...values]) this.append(value);
    return this;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return (this._values as T[]).values();
  }

  override forward(): never {
    throw new TorchError('ParameterList should not be called.');
  }

  override extraRepr(): string {
    return this._values.map((value, i) => line(String(i), value, ({ dtype }) => String(dtype))).join('\n');
  }
}

type Named<T> = Iterable<readonly [string, T | Tensor]> | { readonly [name: string]: T | Tensor };

/** A Map whose tensors are parameters of the module that holds it. Keys are names in files as they are. */
export class ParameterDict<T = Parameter> extends Module implements Iterable<[string, T]> {
  private readonly _values = new Map<string, unknown>();

  constructor(values: Named<T> = []) {
    super();
    this.update(values);
  }

  protected override *members(): Iterable<Member> {
    for (const [name, value] of this._values) yield [name, value, name];
  }

  protected override memberAt(field: string): unknown {
    return this._values.get(field);
  }

  protected override setMember(field: string, value: unknown): void {
    this._values.set(field, value);
  }

  get size(): number {
    return this._values.size;
  }

  get(name: string): T | undefined {
    return this._values.get(name) as T | undefined;
  }

  has(name: string): boolean {
    return this._values.has(name);
  }

  set(name: string, value: T | Tensor): this {
    this._values.set(name, asMember(value));
    return this;
  }

  delete(name: string): boolean {
    return this._values.delete(name);
  }

  clear(): void {
    this._values.clear();
  }

  /** Removes a value and returns it. */
  pop(name: string): T | undefined {
    const value = this.get(name);
    this._values.delete(name);
    return value;
  }

  /** Adds values. As in PyTorch, a dict's keys are sorted first; those of an OrderedDict and of pairs are not. */
  update(values: Named<T>): this {
    const named = pairs<T | Tensor>(values);
    const ordered = values instanceof OrderedDict || values instanceof ParameterDict;
    const isDict = values instanceof Map || !(Symbol.iterator in values);
    if (isDict && !ordered) named.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
    for (const [name, value] of named) this.set(name, value);
    return this;
  }

  /** Another dict of the same parameters. */
  copy(): ParameterDict<T> {
    return new ParameterDict<T>(this);
  }

  keys(): IterableIterator<string> {
    return this._values.keys();
  }

  values(): IterableIterator<T> {
    return (this._values as Map<string, T>).values();
  }

  entries(): IterableIterator<[string, T]> {
    return (this._values as Map<string, T>).entries();
  }

  items(): IterableIterator<[string, T]> {
    return this.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, T]> {
    return this.entries();
  }

  override forward(): never {
    throw new TorchError('ParameterDict should not be called.');
  }

  override extraRepr(): string {
    return [...this._values].map(([name, value]) => line(name, value, typeName)).join('\n');
  }
}
