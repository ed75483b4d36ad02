import { ValueError } from '../errors.js';
import { camelToSnake } from '../names.js';
import { type Names, requireNames } from '../options.js';
import { typeText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';
import { isParameter, type Parameter } from './parameter.js';

export type Named<T> = [name: string, value: T];

/** A member as it is found: its name in files, its value, and the field that holds it. */
export type Member<T = unknown> = [name: string, value: T, field: string];

export interface NamedOptions {
  prefix?: string;
  /** Also of the modules inside. */
  recurse?: boolean;
  /** List what appears under several names once, under its first. */
  removeDuplicate?: boolean;
}

const namedNames: Names<NamedOptions> = { prefix: true, recurse: true, removeDuplicate: true };

/** A field in camelCase is snake_case in files; any other spelling is PyTorch's already. */
export function nameInFiles(field: string): string {
  return /^[a-z][A-Za-z0-9]*$/.test(field) ? camelToSnake(field) : field;
}

export function joined(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

/** The registered buffers of a module, for what copies it. */
export let persistentOf: <M extends ModuleTree<M>>(module: ModuleTree<M>) => Map<string, boolean>;

/** Puts a tensor in the place of a module's own one; answers with that, or undefined where there is none. */
export let swapTensor: <M extends ModuleTree<M>>(
  module: ModuleTree<M>,
  name: string,
  tensor: Tensor,
) => Tensor | undefined;

/**
 * The walking half of Module: members are own fields in the order in which they are defined; a class field counts
 * where it is declared. A field that is null or undefined is not there.
 */
export abstract class ModuleTree<M extends ModuleTree<M>> {
  /** Registered buffers by field; the value says whether the buffer is written to files. */
  readonly #persistent = new Map<string, boolean>();

  static {
    persistentOf = (module) => module.#persistent;
    swapTensor = (module, name, tensor) => {
      const member = [...module.members()].find(([known, value]) => known === name && isTensor(value));
      if (member) module.setMember(member[2], tensor);
      return member?.[1] as Tensor | undefined;
    };
  }

  /** All members in order; a container adds its entries. */
  protected *members(): Iterable<Member> {
    for (const [field, value] of Object.entries(this)) yield [nameInFiles(field), value, field];
  }

  /** What a member's field holds; a container whose members are no fields says where they are. */
  protected memberAt(field: string): unknown {
    return Reflect.get(this, field);
  }

  protected setMember(field: string, value: unknown): void {
    Reflect.set(this, field, value);
  }

  protected ownParameters(): Member<Parameter>[] {
    return [...this.members()].filter(
      (member): member is Member<Parameter> => isParameter(member[1]) && !this.#persistent.has(member[2]),
    );
  }

  protected ownBuffers(): Member<Tensor>[] {
    return [...this.members()].filter(
      (member): member is Member<Tensor> => isTensor(member[1]) && this.#persistent.has(member[2]),
    );
  }

  /** Children with every name they have here. */
  protected ownChildren(): Named<M>[] {
    return [...this.members()]
      .filter((member): member is Member<M> => isModule(member[1]))
      .map(([name, child]) => [name, child]);
  }

  /** False for a buffer that is left out of files. */
  protected isPersistent(field: string): boolean {
    return this.#persistent.get(field) ?? true;
  }

  /**
   * Makes the field `name` a buffer: state that is no parameter. Returns the tensor, so that it can initialise its own
   * field: `readonly runningMean = this.registerBuffer('runningMean', zeros([n]))`.
   */
  registerBuffer<T extends Tensor | null>(
    name: string,
    tensor: T,
    options: { persistent?: boolean } = {},
  ): T {
    requireNames(this.registerBuffer, options, { persistent: true });
    const { persistent = true } = options;
    if (name === '') throw new ValueError('buffer name can\'t be empty string ""');
    if (name.includes('.')) throw new ValueError('buffer name can\'t contain "."');
    const taken: unknown = Reflect.get(this, name);
    if (taken !== undefined && taken !== null && !this.#persistent.has(name)) {
      throw new ValueError(`attribute '${name}' already exists`);
    }
    if (tensor !== null && !isTensor(tensor)) {
      throw new TypeError(
        `cannot assign '${typeText(tensor)}' object to buffer '${name}' (torch Tensor or None required)`,
      );
    }
    this.#persistent.set(name, persistent);
    tensor?.keep();
    Reflect.set(this, name, tensor);
    return tensor;
  }

  /** Makes the field a parameter, as assigning one does; null leaves it without. */
  registerParameter(name: string, parameter: Parameter | null): void {
    if (name === '') throw new ValueError('parameter name can\'t be empty string ""');
    if (name.includes('.')) throw new ValueError('parameter name can\'t contain "."');
    const taken: unknown = Reflect.get(this, name);
    if (taken !== undefined && taken !== null && !isParameter(taken)) {
      throw new ValueError(`attribute '${name}' already exists`);
    }
    if (parameter !== null && !isParameter(parameter)) {
      throw new TypeError(
        `cannot assign '${typeText(parameter)}' object to parameter '${name}' (torch.nn.Parameter or None required)`,
      );
    }
    this.setMember(name, parameter);
  }

  /** Makes the field a child, as assigning one does; null leaves it without. Throws ValueError for a name that is taken. */
  addModule(name: string, module: M | null): this {
    if (module !== null && !isModule(module))
      throw new TypeError(`${typeText(module)} is not a Module subclass`);
    const isChild = this.ownChildren().some(([child]) => child === nameInFiles(name));
    if (!isChild && Reflect.get(this, name) != null)
      throw new ValueError(`attribute '${name}' already exists`);
    if (name.includes('.')) throw new ValueError(`module name can't contain ".", got: ${name}`);
    if (name === '') throw new ValueError('module name can\'t be empty string ""');
    this.putModule(name, module);
    return this;
  }

  registerModule(name: string, module: M | null): this {
    return this.addModule(name, module);
  }

  /** Puts a child where the class keeps its children. */
  protected putModule(name: string, module: M | null): void {
    const member = [...this.members()].find(([known]) => known === name);
    this.setMember(member?.[2] ?? name, module);
  }

  /** Takes a field out, a registered buffer's too (Python's `delattr`). */
  removeMember(name: string): void {
    this.#persistent.delete(name);
    Reflect.deleteProperty(this, name);
  }

  /** Every module with its dotted path, this one (path '') first. */
  namedModules(options: NamedOptions = {}): Named<M>[] {
    requireNames(this.namedModules, options, namedNames);
    const { prefix = '', removeDuplicate = true } = options;
    const found: Named<M>[] = [];
    const seen = new Set<M>();
    const visit = (module: M, path: string): void => {
      if (seen.has(module)) return;
      if (removeDuplicate) seen.add(module);
      found.push([path, module]);
      for (const [name, child] of module.ownChildren()) visit(child, joined(path, name));
    };
    visit(this as unknown as M, prefix);
    return found;
  }

  modules(): M[] {
    return this.namedModules().map(([, module]) => module);
  }

  namedChildren(): Named<M>[] {
    const first = new Map<M, string>();
    for (const [name, child] of this.ownChildren()) if (!first.has(child)) first.set(child, name);
    return [...first].map(([child, name]) => [name, child]);
  }

  children(): M[] {
    return [...new Set(this.ownChildren().map(([, child]) => child))];
  }

  #named<T extends Tensor>(own: (module: M) => Member<T>[], options: NamedOptions): Named<T>[] {
    const { prefix = '', recurse = true, removeDuplicate = true } = options;
    const seen = new Set<T>();
    const found: Named<T>[] = [];
    const modules = recurse
      ? this.namedModules({ prefix, removeDuplicate })
      : [[prefix, this] as unknown as Named<M>];
    for (const [path, module] of modules) {
      for (const [name, value] of own(module)) {
        if (seen.has(value)) continue;
        if (removeDuplicate) seen.add(value);
        found.push([joined(path, name), value]);
      }
    }
    return found;
  }

  /** Parameters with their names in files; one that several modules share is listed once. */
  namedParameters(options: NamedOptions = {}): Named<Parameter>[] {
    requireNames(this.namedParameters, options, namedNames);
    return this.#named((module) => module.ownParameters(), options);
  }

  parameters(options: { recurse?: boolean } = {}): Parameter[] {
    requireNames(this.parameters, options, { recurse: true });
    return this.namedParameters(options).map(([, parameter]) => parameter);
  }

  namedBuffers(options: NamedOptions = {}): Named<Tensor>[] {
    requireNames(this.namedBuffers, options, namedNames);
    return this.#named((module) => module.ownBuffers(), options);
  }

  buffers(options: { recurse?: boolean } = {}): Tensor[] {
    requireNames(this.buffers, options, { recurse: true });
    return this.namedBuffers(options).map(([, buffer]) => buffer);
  }

  /** The module at a dotted path: `middle_flow.0.convs`. Throws ValueError where there is none. */
  getSubmodule(path: string): M {
    let module = this as unknown as M;
    for (const name of path === '' ? [] : path.split('.')) {
      const child = module.ownChildren().find(([childName]) => childName === name);
      if (!child) throw module.#notThere(name, 'an nn.Module');
      module = child[1];
    }
    return module;
  }

  /**
   * Puts `module` at a dotted path, whose modules but the last must be there. Throws ValueError where they are not,
   * where something else is at its end, and, with `strict`, where nothing is.
   */
  setSubmodule(path: string, module: M, options: { strict?: boolean } = {}): void {
    requireNames(this.setSubmodule, options, { strict: true });
    const { strict = false } = options;
    if (path === '') throw new ValueError('Cannot set the submodule without a target name!');
    if (!isModule(module)) {
      throw new ValueError(`\`module\` is not an nn.Module, found ${typeText(module)}`);
    }
    const name = path.slice(path.lastIndexOf('.') + 1);
    const parent = this.getSubmodule(path.slice(0, -name.length - 1));
    const isChild = parent.ownChildren().some(([child]) => child === name);
    if (!isChild && (strict || parent.#has(name))) throw parent.#notThere(name, 'an nn.Module');
    parent.putModule(name, module);
  }

  /** Python's `hasattr`, for a name in files or a method. */
  #has(name: string): boolean {
    return name in this || [...this.members()].some(([member]) => member === name);
  }

  /** PyTorch's words for a name with nothing behind it, or with something else. */
  #notThere(name: string, wanted: string): ValueError {
    const nothing = `${this.constructor.name} has no attribute \`${name}\``;
    return new ValueError(this.#has(name) ? `\`${name}\` is not ${wanted}` : nothing);
  }

  #leaf<T>(path: string, own: (module: M) => Member<T>[], wanted: string): T {
    const name = path.slice(path.lastIndexOf('.') + 1);
    const module = this.getSubmodule(path.slice(0, -name.length - 1));
    const member = own(module).find(([memberName]) => memberName === name);
    if (member) return member[1];
    throw module.#notThere(name, wanted);
  }

  /** The parameter at a dotted path: `layers.0.weight`. Throws ValueError where there is none. */
  getParameter(path: string): Parameter {
    return this.#leaf(path, (module) => module.ownParameters(), 'an nn.Parameter');
  }

  /** The buffer at a dotted path. Throws ValueError where there is none. */
  getBuffer(path: string): Tensor {
    return this.#leaf(path, (module) => module.ownBuffers(), 'a buffer');
  }
}

export function isModule(value: unknown): boolean {
  return value instanceof ModuleTree;
}
