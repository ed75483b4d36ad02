import { ValueError } from '../errors.js';
import { typeText } from '../python-text.js';
import { Module } from './module.js';
import { isModule, type Member } from './module-tree.js';

/** Named modules: a Map, a plain object, or pairs. */
export type NamedModules<M extends Module> = Iterable<readonly [string, M]> | { readonly [name: string]: M };

/** The pairs of a Map, of an iterable of pairs, or of a plain object. */
export function pairs<V>(
  values: Iterable<readonly [string, V]> | { readonly [name: string]: V },
): (readonly [string, V])[] {
  return Symbol.iterator in values ? [...(values as Iterable<readonly [string, V]>)] : Object.entries(values);
}

/** A Map of modules that takes part in everything a module does, except `forward`. Keys are names in files as they are. */
export class ModuleDict<M extends Module = Module> extends Module implements Iterable<[string, M]> {
  private readonly _modules = new Map<string, M>();

  constructor(modules: NamedModules<M> = []) {
    super();
    this.update(modules);
  }

  protected override *members(): Iterable<Member> {
    for (const [name, module] of this._modules) yield [name, module, name];
    yield* super.members();
  }

  get size(): number {
    return this._modules.size;
  }

  get(name: string): M | undefined {
    return this._modules.get(name);
  }

  has(name: string): boolean {
    return this._modules.has(name);
  }

  override addModule(name: string, module: M): this {
    return this.set(name, module);
  }

  protected override putModule(name: string, module: M): void {
    this._modules.set(name, module);
  }

  set(name: string, module: M): this {
    if (!isModule(module)) throw new TypeError(`${typeText(module)} is not a Module subclass`);
    if (name.includes('.')) throw new ValueError(`module name can't contain ".", got: ${name}`);
    if (name === '') throw new ValueError('module name can\'t be empty string ""');
    this._modules.set(name, module);
    return this;
  }

  delete(name: string): boolean {
    return this._modules.delete(name);
  }

  clear(): void {
    this._modules.clear();
  }

  /** Removes a module and returns it. */
  pop(name: string): M | undefined {
    const module = this._modules.get(name);
    this._modules.delete(name);
    return module;
  }

  /** Adds modules, replacing those of the same names. */
  update(modules: NamedModules<M>): this {
    for (const [name, module] of pairs(modules)) this.set(name, module);
    return this;
  }

  keys(): IterableIterator<string> {
    return this._modules.keys();
  }

  values(): IterableIterator<M> {
    return this._modules.values();
  }

  entries(): IterableIterator<[string, M]> {
    return this._modules.entries();
  }

  items(): IterableIterator<[string, M]> {
    return this._modules.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, M]> {
    return this._modules.entries();
  }
}
