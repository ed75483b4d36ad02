import { IndexError, ValueError } from '../errors.js';
import { OrderedDict } from '../ordered-dict.js';
import { typeText } from '../python-text.js';
import type { Tensor } from '../tensor.js';
import { Module } from './module.js';
import { moduleText, repeatedText } from './module-text.js';
import { isModule, type Member } from './module-tree.js';

/** A module that takes one tensor and gives one: what Sequential is made of. */
export interface Layer extends Module {
  forward(input: Tensor): Tensor;
}

/** A module of modules with names of their own, '0', '1', ... if nothing else is said. */
abstract class Listed<M extends Module> extends Module implements Iterable<M> {
  protected readonly _modules = new Map<string, M>();

  protected override *members(): Iterable<Member> {
    for (const [name, module] of this._modules) yield [name, module, name];
    yield* super.members();
  }

  get length(): number {
    return this._modules.size;
  }

  [Symbol.iterator](): Iterator<M> {
    return this._modules.values();
  }

  private nameAt(index: number): string {
    const name = [...this._modules.keys()].at(index);
    if (name === undefined || !Number.isInteger(index))
      throw new IndexError(`index ${index} is out of range`);
    return name;
  }

  /** The module at `index`, from the end if negative. Throws IndexError. */
  at(index: number): M {
    return this._modules.get(this.nameAt(index)) as M;
  }

  /** Replaces the module at `index`. */
  set(index: number, module: M): this {
    return this.addModule(this.nameAt(index), module);
  }

  override addModule(name: string, module: M): this {
    if (!isModule(module)) throw new TypeError(`${typeText(module)} is not a Module subclass`);
    if (name.includes('.')) throw new ValueError(`module name can't contain ".", got: ${name}`);
    if (name === '') throw new ValueError('module name can\'t be empty string ""');
    this.putModule(name, module);
    return this;
  }

  protected override putModule(name: string, module: M): void {
    this._modules.set(name, module);
  }

  append(module: M): this {
    return this.addModule(String(this.length), module);
  }

  extend(modules: Iterable<M>): this {
    for (const module of [...modules]) this.append(module);
    return this;
  }

  /** Takes the module at `index` out, and numbers those behind it anew. */
  pop(index = -1): M {
    const modules = [...this];
    const [taken] = modules.splice([...this._modules.keys()].indexOf(this.nameAt(index)), 1);
    this._modules.clear();
    this.extend(modules);
    return taken as M;
  }

  /** Puts `module` before `index`; those behind it are numbered anew. */
  insert(index: number, module: M): this {
    if (index < -this.length || index > this.length) throw new IndexError(`Index out of range: ${index}`);
    const modules = [...this];
    modules.splice(index < 0 ? index + this.length : index, 0, module);
    this._modules.clear();
    return this.extend(modules);
  }
}

/** Runs its layers one after another. Names are '0', '1', ..., or the keys of an OrderedDict. */
export class Sequential<L extends Layer = Layer> extends Listed<L> {
  constructor(...layers: L[] | [OrderedDict<string, L>]) {
    super();
    const [first] = layers;
    if (first instanceof OrderedDict) for (const [name, layer] of first) this.addModule(name, layer);
    else this.extend(layers as L[]);
  }

  /** The layers from `start` up to `end`, under their names: Python's `layers[start:end]`. */
  slice(start?: number, end?: number): Sequential<L> {
    return new Sequential<L>(new OrderedDict([...this._modules].slice(start, end)));
  }

  override forward(input: Tensor): Tensor {
    let output = input;
    for (const layer of this) output = layer.forward(output);
    return output;
  }
}

/** A list of modules that takes part in everything a module does, except `forward`. */
export class ModuleList<M extends Module = Module> extends Listed<M> {
  constructor(modules: Iterable<M> = []) {
    super();
    this.extend(modules);
  }

  /** The modules from `start` up to `end`, numbered anew: Python's `modules[start:end]`. */
  slice(start?: number, end?: number): ModuleList<M> {
    return new ModuleList<M>([...this].slice(start, end));
  }

  override toString(): string {
    const texts = [...this].map((module) => module.toString());
    return moduleText(this.constructor.name, '', repeatedText(texts));
  }
}
