import { noGrad } from '../autograd/index.js';
import { zeroGrad } from '../autograd/zero-grad.js';
import type { DeviceLike } from '../device.js';
import type { DType } from '../dtype.js';
import { NotImplementedError, TorchError, ValueError } from '../errors.js';
import { scope, tensorsIn } from '../memory.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { OrderedDict } from '../ordered-dict.js';
import { typeText } from '../python-text.js';
import type { RemovableHandle } from '../removable-handle.js';
import type { Tensor } from '../tensor.js';
import type { Gradients } from './backward-hook.js';
import { type HookOptions, hookNames } from './hook-list.js';
import { addForwardHook, addForwardPreHook, addFullBackwardHook, addFullBackwardPreHook } from './hooks.js';
import {
  extraStateKey,
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
import {
  ensureStateDictHooks,
  type LoadStateDictPostHook,
  type LoadStateDictPreHook,
  type StateDictHook,
  type StateDictPreHook,
  stateDictHooks,
} from './state-dict-hooks.js';
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
  stateDict(options: { keepVars?: boolean } = {}): StateDict {
    requireNames(this.stateDict, options, { keepVars: true });
    const { keepVars = false } = options;
    const state: StateDict = new OrderedDict();
    const metadata = new OrderedDict<string, Map<string, unknown>>();
    const collect = (module: Module, path: string): void => {
      const prefix = path === '' ? '' : `${path}.`;
      const hooks = stateDictHooks(module);
      const local = new Map<string, unknown>([['version', module.stateVersion]]);
      metadata.set(path, local);
      for (const hook of hooks?.beforeState ?? []) hook(module as never, prefix, keepVars);
      for (const { name, tensor } of module.#localState()) {
        state.set(joined(path, name), keepVars || isUninitialized(tensor) ? tensor : tensor.detach());
      }
      if (module.getExtraState !== Module.prototype.getExtraState) {
        state.set(prefix + extraStateKey, module.getExtraState() as Tensor);
      }
      for (const [name, child] of module.ownChildren()) collect(child, joined(path, name));
      for (const hook of hooks?.afterState ?? []) hook(module as never, state, prefix, local);
    };
    state.metadata = metadata;
    collect(this, '');
    return state;
  }

  /**
   * Copies a state dict into the module's own tensors; `assign` puts the dict's tensors in their place instead.
   * Throws TorchError with PyTorch's report; `strict: false` forgives keys that differ, not shapes.
   */
  loadStateDict(
    state: ReadonlyMap<string, Tensor>,
    options: { strict?: boolean; assign?: boolean } = {},
  ): IncompatibleKeys {
    requireNames(this.loadStateDict, options, { strict: true, assign: true });
    const { strict = true, assign = false } = options;
    if (!(state instanceof Map)) {
      throw new TypeError(`Expected state_dict to be dict-like, got ${typeText(state)}.`);
    }
    const report = new LoadReport();
    const metadata = state instanceof OrderedDict ? state.metadata : undefined;
    const load = (module: Module, local: Map<string, Tensor>, prefix: string): void => {
      const known = metadata?.get(prefix.slice(0, -1));
      const version = known?.get('version') as number | undefined;
      const own = { state: local, prefix, version, metadata: known, report, assign };
      const hooks = stateDictHooks(module);
      for (const hook of hooks?.beforeLoad ?? []) hook(module as never, own);
      module.loadFromStateDict(own);
      for (const [name, child] of module.ownChildren()) {
        const inner = `${prefix}${name}.`;
        load(child, new Map([...local].filter(([key]) => key.startsWith(inner))), inner);
      }
      for (const hook of hooks?.afterLoad ?? []) hook(module as never, report);
    };
    scope(() => load(this, new Map(state), ''));
    return report.finish(this.constructor.name, strict);
  }

  /** Loads this module without its children; a class whose keys changed overrides it and looks at `load.version`. */
  protected loadFromStateDict(load: StateDictLoad): void {
    const children = new Set(this.ownChildren().map(([name]) => name));
    const takesMore = this.setExtraState !== Module.prototype.setExtraState;
    loadOwn(load, this.#localState(), children, takesMore ? (state) => this.#setExtraState(state) : null);
  }

  /** What a class puts into its state dict beside tensors, as `_extra_state`; any value that can be saved. */
  getExtraState(): unknown {
    throw new TorchError('Module.getExtraState() is for classes to override: this one has no extra state');
  }

  /** Takes what `getExtraState` gave, when a state dict is loaded. */
  setExtraState(_state: unknown): void {
    throw new TorchError('Module.setExtraState() is for classes to override: this one has no extra state');
  }

  #setExtraState(state: unknown): void {
    this.setExtraState(state);
    // Loading runs in a scope; what the class has made for its fields outlives it.
    for (const tensor of tensorsIn({ ...this })) tensor.keep();
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
    for (const [, buffer, field] of this.ownBuffers()) {
      const converted = convert(buffer);
      // A new object would no longer know that its shape is to come.
      if (!isUninitialized(buffer) || !setInPlace(buffer, converted)) this.#replace(field, converted);
    }
  }

  /** Moves or casts parameters and buffers in place: `to('cuda')`, `to('cuda', float64)`, `to({ memoryFormat })`. */
  to(target: ModuleToTarget, options: ModuleTo | DType = {}): this {
    const convert = converter(target, options);
    scope(() => noGrad(() => this.#convert(convert)));
    return this;
  }

  /** Moves to a device without copying: the values are undefined afterwards. The way off the meta device. */
  toEmpty(options: { device: DeviceLike }): this {
    requireNames(this.toEmpty, options, { device: true });
    const { device } = options;
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
  registerForwardPreHook(
    hook: (module: this, inputs: unknown[]) => unknown,
    options: HookOptions = {},
  ): RemovableHandle {
    requireNames(this.registerForwardPreHook, options, hookNames);
    return addForwardPreHook(this, hook, options);
  }

  /** `hook(module, inputs, output)` after each forward; what it returns replaces the output. */
  registerForwardHook(
    hook: (module: this, inputs: unknown[], output: ReturnType<this['forward']>) => unknown,
    options: HookOptions = {},
  ): RemovableHandle {
    requireNames(this.registerForwardHook, options, hookNames);
    return addForwardHook(this, hook, options);
  }

  /** `hook(module, gradOutput)` before the module's backward; what it returns replaces the gradients. */
  registerFullBackwardPreHook(
    hook: (module: this, gradOutput: Gradients) => Gradients | Tensor | null | undefined,
    options: HookOptions = {},
  ): RemovableHandle {
    requireNames(this.registerFullBackwardPreHook, options, hookNames);
    return addFullBackwardPreHook(this, hook, options);
  }

  /**
   * `hook(module, gradInput, gradOutput)` when the gradients of the inputs are there; what it returns replaces them.
   * A gradient is null where an input is no tensor. Throws TorchError for a module that works in place.
   */
  registerFullBackwardHook(
    hook: (
      module: this,
      gradInput: Gradients,
      gradOutput: Gradients,
    ) => Gradients | Tensor | null | undefined,
    options: HookOptions = {},
  ): RemovableHandle {
    requireNames(this.registerFullBackwardHook, options, hookNames);
    return addFullBackwardHook(this, hook, options);
  }

  /** `hook(module, prefix, keepVars)` before this module's part of a state dict is collected. */
  registerStateDictPreHook(hook: (module: this, prefix: string, keepVars: boolean) => void): RemovableHandle {
    return ensureStateDictHooks(this).beforeState.add(hook as StateDictPreHook);
  }

  /** `hook(module, state, prefix, metadata)` when this module and its children are collected; it may change `state`. */
  registerStateDictPostHook(
    hook: (module: this, state: StateDict, prefix: string, metadata: Map<string, unknown>) => void,
  ): RemovableHandle {
    return ensureStateDictHooks(this).afterState.add(hook as StateDictHook);
  }

  /** `hook(module, load)` before this module loads; `load.state` holds the keys under `load.prefix` and may be changed. */
  registerLoadStateDictPreHook(hook: (module: this, load: StateDictLoad) => void): RemovableHandle {
    return ensureStateDictHooks(this).beforeLoad.add(hook as LoadStateDictPreHook);
  }

  /** `hook(module, keys)` when this module and its children have loaded; it may change the lists of keys. */
  registerLoadStateDictPostHook(hook: (module: this, keys: IncompatibleKeys) => void): RemovableHandle {
    return ensureStateDictHooks(this).afterLoad.add(hook as LoadStateDictPostHook);
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
