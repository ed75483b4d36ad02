import { noGrad } from '../autograd.js';
import type { DeviceLike } from '../device.js';
import { NotImplementedError, ValueError } from '../errors.js';
import { scope } from '../memory.js';
import { aten } from '../ops.js';
import { OrderedDict } from '../ordered-dict.js';
import { typeText } from '../python-text.js';
import type { RemovableHandle } from '../removable-handle.js';
import type { Tensor } from '../tensor.js';
import { zeroGrad } from '../zero-grad.js';
import { addForwardHook, addForwardPreHook } from './hooks.js';
import {
  type IncompatibleKeys,
  LoadReport,
  type LocalState,
  loadOwn,
  type StateDictLoad,
} from './load-state-dict.js';
import { indented, moduleText } from './module-text.js';
import { converter, type ModuleTo, type ModuleToTarget } from './module-to.js';
import { joined, ModuleTree } from './module-tree.js';
import { isParameter, Parameter } from './parameter.js';
import { isUninitialized } from './uninitialized.js';

export type StateDict = OrderedDict<string, Tensor>;

/** `tensor.data = converted`, if their kinds allow it (CPU and CUDA do, meta does not). */
function setInPlace(tensor: Tensor, converted: Tensor): boolean {
  const compatible = aten._hasCompatibleShallowCopyType(tensor, converted);
  if (compatible && tensor !== converted) tensor.setData(converted);
  return compatible;
}

/** Base of all layers and models (torch.nn.Module). Its members are its own fields: see ModuleTree. */
export class Module extends ModuleTree<Module> {
  training = true;

  forward(..._inputs: never[]): unknown {
    throw new NotImplementedError(
      `Module [${this.constructor.name}] is missing the required "forward" function`,
    );
  }

  /** Goes into `_metadata`; a class that changes its keys raises it and looks at it in `loadFromStateDict`. */
  get stateVersion(): number {
    return 1;
  }

  #localState(): LocalState[] {
    return [...this.ownParameters(), ...this.ownBuffers()]
      .filter(([, , field]) => this.isPersistent(field))
      .map(([name, tensor, field]) => ({ name, tensor, put: (given) => this.#replace(field, given) }));
  }

  /** The state by its names in files, in PyTorch's order. The tensors share memory with the module's. */
  stateDict({ keepVars = false } = {}): StateDict {
    const state: StateDict = new OrderedDict();
    const metadata = new OrderedDict<string, Map<string, unknown>>();
    const collect = (module: Module, path: string): void => {
      metadata.set(path, new Map([['version', module.stateVersion]]));
      for (const { name, tensor } of module.#localState()) {
        state.set(joined(path, name), keepVars || isUninitialized(tensor) ? tensor : tensor.detach());
      }
      for (const [name, child] of module.ownChildren()) collect(child, joined(path, name));
    };
    collect(this, '');
    state.metadata = metadata;
    return state;
  }

  /**
   * Copies a state dict into the module's own tensors; `assign` puts the dict's tensors in their place instead.
   * Throws TorchError with PyTorch's report; `strict: false` forgives keys that differ, not shapes.
   */
  loadStateDict(
    state: ReadonlyMap<string, Tensor>,
    { strict = true, assign = false }: { strict?: boolean; assign?: boolean } = {},
  ): IncompatibleKeys {
    if (!(state instanceof Map)) {
      throw new TypeError(`Expected state_dict to be dict-like, got ${typeText(state)}.`);
    }
    const report = new LoadReport();
    const metadata = state instanceof OrderedDict ? state.metadata : undefined;
    const load = (module: Module, local: Map<string, Tensor>, prefix: string): void => {
      const version = metadata?.get(prefix.slice(0, -1))?.get('version') as number | undefined;
      module.loadFromStateDict({ state: local, prefix, version, report, assign });
      for (const [name, child] of module.ownChildren()) {
        const inner = `${prefix}${name}.`;
        load(child, new Map([...local].filter(([key]) => key.startsWith(inner))), inner);
      }
    };
    scope(() => load(this, new Map(state), ''));
    return report.finish(this.constructor.name, strict);
  }

  /** Loads this module without its children; a class whose keys changed overrides it and looks at `load.version`. */
  protected loadFromStateDict(load: StateDictLoad): void {
    loadOwn(load, this.#localState(), new Set(this.ownChildren().map(([name]) => name)));
  }

  #replace(field: string, tensor: Tensor): void {
    const old = this.memberAt(field);
    const wrap = isParameter(old) && !isParameter(tensor);
    this.setMember(field, wrap ? new Parameter(tensor, old.requiresGrad) : tensor.keep());
  }

  /** PyTorch's `_apply`: parameters and gradients stay the same objects where the kind of tensor allows it. */
  #convert(convert: (tensor: Tensor) => Tensor): void {
    for (const child of this.children()) child.#convert(convert);
    for (const [, parameter, field] of this.ownParameters()) {
      const { grad } = parameter;
      const converted = convert(parameter);
      if (!setInPlace(parameter, converted)) this.#replace(field, converted);
      const convertedGrad = grad && convert(grad);
      if (convertedGrad && !setInPlace(grad, convertedGrad)) {
        (this.memberAt(field) as Parameter).grad = convertedGrad.requiresGrad_(grad.requiresGrad);
      }
    }
    for (const [, buffer, field] of this.ownBuffers()) this.#replace(field, convert(buffer));
  }

  /** Moves or casts parameters and buffers in place: `to('cuda')`, `to(float64)`, `to({ memoryFormat })`. */
  to(target: ModuleToTarget, options: ModuleTo = {}): this {
    const convert = converter(target, options);
    scope(() => noGrad(() => this.#convert(convert)));
    return this;
  }

  /** Moves to a device without copying: the values are undefined afterwards. The way off the meta device. */
  toEmpty({ device }: { device: DeviceLike }): this {
    scope(() => noGrad(() => this.#convert((tensor) => aten.emptyLike(tensor, { device }))));
    return this;
  }

  /** Calls `fn` with every module, children first. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  train(mode = true): this {
    if (typeof mode !== 'boolean') throw new ValueError('training mode is expected to be boolean');
    this.training = mode;
    for (const child of this.children()) child.train(mode);
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  requiresGrad_(requiresGrad = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(requiresGrad);
    return this;
  }

  zeroGrad(options: { setToNone?: boolean } = {}): void {
    zeroGrad(this.parameters(), options);
  }

  /** `hook(module, inputs)` before each forward; what it returns replaces the inputs. */
  registerForwardPreHook(hook: (module: this, inputs: unknown[]) => unknown): RemovableHandle {
    return addForwardPreHook(this, (inputs) => hook(this, inputs));
  }

  /** `hook(module, inputs, output)` after each forward; what it returns replaces the output. */
  registerForwardHook(
    hook: (module: this, inputs: unknown[], output: ReturnType<this['forward']>) => unknown,
  ): RemovableHandle {
    return addForwardHook(this, (inputs, output) =>
      hook(this, inputs, output as ReturnType<this['forward']>),
    );
  }

  /** What stands in the parentheses when the module prints. */
  extraRepr(): string {
    return '';
  }

  override toString(): string {
    const children = this.ownChildren().map(([name, child]) => `(${name}): ${indented(child.toString())}`);
    return moduleText(this.constructor.name, this.extraRepr(), children);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
