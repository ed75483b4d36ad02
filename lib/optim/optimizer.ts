import { enableGrad, noGrad } from '../autograd/index.js';
import { zeroGrad } from '../autograd/zero-grad.js';
import { TorchError, ValueError } from '../errors.js';
import { sparseCoo } from '../layout.js';
import { camelToSnake } from '../names.js';
import { requireKnown, requireNames } from '../options.js';
import { typeText, valueText } from '../python-text.js';
import type { RemovableHandle } from '../removable-handle.js';
import { isTensor, type Tensor } from '../tensor.js';
import { Hooks } from './hooks.js';
import type { Entry } from './implementation.js';
import { isPair, newGroup, plain } from './new-group.js';
import { type ParamGroup, type ParamGroupInput, type Params, packGroup, unpackGroup } from './param-group.js';
import { type ParamState, packState, unpackState } from './param-state.js';

/** Python's dict: `state` by the number of the parameter, `param_groups`; keys in PyTorch's spelling. */
export interface OptimizerStateDict extends Map<string, unknown> {
  get(key: 'state'): Map<number, Map<string, unknown>>;
  get(key: 'param_groups'): Map<string, unknown>[];
  get(key: string): unknown;
}

export type { ParamState };

/** Sees the arguments of `step` (none, or the closure) and may answer with others. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is the usual one
export type StepPreHook = (optimizer: Optimizer, args: unknown[]) => unknown[] | null | undefined | void;
export type StepPostHook = (optimizer: Optimizer, args: unknown[]) => void;
export type StateDictHook = (optimizer: Optimizer) => void;
/** May answer with a state dict that takes the place of the one it sees. */
export type StateDictChange = (
  optimizer: Optimizer,
  stateDict: OptimizerStateDict,
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is the usual one
) => OptimizerStateDict | null | undefined | void;

const preHooks = new Hooks<StepPreHook>();
const postHooks = new Hooks<StepPostHook>();

/** `hook` runs before each step of every optimizer. */
export function registerOptimizerStepPreHook(hook: StepPreHook): RemovableHandle {
  return preHooks.add(hook);
}

/** `hook` runs after each step of every optimizer. */
export function registerOptimizerStepPostHook(hook: StepPostHook): RemovableHandle {
  return postHooks.add(hook);
}

/**
 * Base of all optimizers (torch.optim.Optimizer): groups, state, hooks, and the state dict. A step takes Python's
 * default implementation, the single-tensor one on the CPU and foreach on CUDA, unless an option names another.
 */
export abstract class Optimizer<G extends ParamGroup = ParamGroup, S extends ParamState = ParamState> {
  readonly paramGroups: G[] = [];
  /** By parameter, in the order of first use. */
  readonly state = new Map<Tensor, S>();
  /** Set by `step` once a scheduler asks for it (false): schedulers warn when they are stepped first. */
  stepCalled?: boolean;
  /** What a GradScaler leaves to the fused kernels. */
  gradScale?: Tensor;
  foundInf?: Tensor;
  readonly #stepPreHooks = new Hooks<StepPreHook>();
  readonly #stepPostHooks = new Hooks<StepPostHook>();
  readonly #stateDictPreHooks = new Hooks<StateDictHook>();
  readonly #stateDictPostHooks = new Hooks<StateDictChange>();
  readonly #loadPreHooks = new Hooks<StateDictChange>();
  readonly #loadPostHooks = new Hooks<StateDictHook>();

  /** The options of groups that say nothing else. */
  readonly defaults: Omit<G, 'params'>;

  constructor(
    params: Params | Iterable<ParamGroupInput<G>>,
    defaults: Omit<G, 'params'>,
    /** As the caller gave them; those that are not among the defaults are refused. */
    options: object = {},
  ) {
    const others = Object.entries(options).filter(([key]) => !(key in defaults));
    requireKnown(new.target, options, Object.fromEntries(others));
    this.defaults = plain(defaults);
    if (isTensor(params)) {
      throw new TypeError(
        `params argument given to the optimizer should be an iterable of Tensors or dicts, but got ${typeText(params)}`,
      );
    }
    const given = [...params];
    if (given.length === 0) throw new ValueError('optimizer got an empty parameter list');
    const isGroup = !isTensor(given[0]) && !isPair(given[0]) && typeof given[0] === 'object';
    const groups = isGroup ? given : [{ params: given }];
    for (const group of groups as ParamGroupInput<G>[]) this.addParamGroup(group);
  }

  /** Adds parameters with hyperparameters of their own. Throws TypeError or ValueError with PyTorch's texts. */
  addParamGroup(input: ParamGroupInput<G>): void {
    const group = newGroup<G>(input, this.defaults);
    this.#checkAgainstOthers(group);
    this.paramGroups.push(group);
  }

  #checkAgainstOthers({ params, paramNames }: G): void {
    if (new Set(params).size !== params.length) {
      process.emitWarning(
        'optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; ' +
          'see github.com/pytorch/pytorch/issues/40967 for more information',
        'UserWarning',
      );
    }
    if (this.paramGroups.some((other) => !paramNames !== !other.paramNames)) {
      throw new ValueError(
        'all optimizer param groups should be with/without names. cannot add param group ' +
          `${paramNames ? 'with names' : 'without names'} to the optimizer`,
      );
    }
    const known = new Set(this.paramGroups.flatMap((other) => other.params));
    if (params.some((param) => known.has(param))) {
      throw new ValueError('some parameters appear in more than one parameter group');
    }
  }

  /** Updates one group's parameters from their gradients; without autograd unless it is differentiable. */
  protected abstract update(group: G): void;

  /** What is remembered of a parameter before its first step. */
  protected newState(_param: Tensor, _grad: Tensor, _group: G): S {
    return {} as S;
  }

  /** Throws TorchError for a gradient that the optimizer cannot use. */
  protected checkGrad(_param: Tensor, grad: Tensor): void {
    if (grad.layout !== sparseCoo) return;
    throw new TorchError(`${this.constructor.name} does not support sparse gradients`);
  }

  /** The group's parameters that have gradients, each with its state. */
  protected entries(group: G): Entry<S>[] {
    return group.params.flatMap((param) => {
      const { grad } = param;
      if (!grad) return [];
      this.checkGrad(param, grad);
      let state = this.state.get(param);
      if (!state || Object.keys(state).length === 0) {
        state = this.newState(param, grad, group);
        this.state.set(param, state);
      }
      return [{ param, grad, state }];
    });
  }

  /** Fills in what a group from an older file lacks (`__setstate__`). */
  protected completeGroup(_group: G): void {}

  /** True where the kernels divide by the loss scale themselves (`_step_supports_amp_scaling`). */
  get stepSupportsAmpScaling(): boolean {
    return (this.defaults as { fused?: boolean | null }).fused === true;
  }

  /** One step. `closure` computes the loss and its gradients first; its result is returned. */
  step(): undefined;
  step<T>(closure: () => T): T;
  step<T>(closure?: () => T): T | undefined {
    if (this.stepCalled !== undefined) this.stepCalled = true;
    let args: unknown[] = closure ? [closure] : [];
    for (const hook of [...preHooks, ...this.#stepPreHooks]) {
      const changed = hook(this, args);
      if (changed === undefined || changed === null) continue;
      if (!Array.isArray(changed)) {
        throw new TorchError(
          `a hook before step must return nothing or the new arguments, but got ${changed}.`,
        );
      }
      args = changed;
    }
    const result = this.stepOnce(args[0] as (() => T) | undefined);
    for (const hook of [...this.#stepPostHooks, ...postHooks]) hook(this, args);
    return result;
  }

  /** The step without its hooks. */
  protected stepOnce<T>(closure: (() => T) | undefined): T | undefined {
    const { differentiable } = this.defaults as { differentiable?: boolean };
    return (differentiable ? enableGrad : noGrad)(() => {
      const loss = closure && enableGrad(closure);
      for (const group of this.paramGroups) this.update(group);
      return loss;
    });
  }

  registerStepPreHook(hook: StepPreHook): RemovableHandle {
    return this.#stepPreHooks.add(hook);
  }

  registerStepPostHook(hook: StepPostHook): RemovableHandle {
    return this.#stepPostHooks.add(hook);
  }

  registerStateDictPreHook(hook: StateDictHook, options: { prepend?: boolean } = {}): RemovableHandle {
    requireNames(this.registerStateDictPreHook, options, { prepend: true });
    return this.#stateDictPreHooks.add(hook, options);
  }

  registerStateDictPostHook(hook: StateDictChange, options: { prepend?: boolean } = {}): RemovableHandle {
    requireNames(this.registerStateDictPostHook, options, { prepend: true });
    return this.#stateDictPostHooks.add(hook, options);
  }

  registerLoadStateDictPreHook(hook: StateDictChange, options: { prepend?: boolean } = {}): RemovableHandle {
    requireNames(this.registerLoadStateDictPreHook, options, { prepend: true });
    return this.#loadPreHooks.add(hook, options);
  }

  registerLoadStateDictPostHook(hook: StateDictHook, options: { prepend?: boolean } = {}): RemovableHandle {
    requireNames(this.registerLoadStateDictPostHook, options, { prepend: true });
    return this.#loadPostHooks.add(hook, options);
  }

  zeroGrad(options: { setToNone?: boolean } = {}): void {
    for (const { params } of this.paramGroups) zeroGrad(params, options);
  }

  /** The state in Python's layout. Its tensors are the optimizer's own. */
  stateDict(): OptimizerStateDict {
    for (const hook of this.#stateDictPreHooks) hook(this);
    let stateDict = this.#packed();
    for (const hook of this.#stateDictPostHooks) stateDict = hook(this, stateDict) ?? stateDict;
    return stateDict;
  }

  #packed(): OptimizerStateDict {
    const numbers = new Map<Tensor, number>();
    let next = 0;
    const groups = this.paramGroups.map((group) => {
      for (const [offset, param] of group.params.entries()) {
        if (!numbers.has(param)) numbers.set(param, next + offset);
      }
      next += group.params.length;
      return packGroup(
        group,
        group.params.map((param) => numbers.get(param) as number),
      );
    });
    const state = new Map<number, Map<string, unknown>>();
    for (const [param, values] of this.state) {
      state.set(numbers.get(param) as number, packState(values));
    }
    return new Map<string, unknown>([
      ['state', state],
      ['param_groups', groups],
    ]) as OptimizerStateDict;
  }

  /** Takes over a state dict; tensors are cast to their parameter's dtype and device. Throws ValueError. */
  loadStateDict(stateDict: ReadonlyMap<string, unknown>): void {
    let given = new Map(stateDict) as OptimizerStateDict;
    for (const hook of this.#loadPreHooks) given = hook(this, given) ?? given;
    const saved = given.get('param_groups');
    const groups = this.paramGroups;
    if (saved.length !== groups.length) {
      throw new ValueError('loaded state dict has a different number of parameter groups');
    }
    const savedNumbers = saved.map((group) => group.get('params') as number[]);
    if (groups.some((group, index) => group.params.length !== savedNumbers[index]?.length)) {
      throw new ValueError(
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
      );
    }
    const params = groups.flatMap((group) => group.params);
    const byNumber = new Map(savedNumbers.flat().map((number, index) => [number, params[index] as Tensor]));
    this.state.clear();
    for (const [number, values] of given.get('state')) {
      const param = byNumber.get(number);
      const group = saved.find((packed) => (packed.get('params') as number[]).includes(number));
      if (param) this.state.set(param, unpackState(values, param, group) as S);
    }
    const copies = new Map<Tensor, Tensor>();
    for (const [index, packed] of saved.entries()) {
      const group = unpackGroup(packed, groups[index] as G, copies);
      groups[index] = group;
      this.completeGroup(group);
    }
    for (const hook of this.#loadPostHooks) hook(this);
  }

  toString(): string {
    const groups = this.paramGroups.map((group, index) => {
      const options = Object.entries(group).filter(([key]) => key !== 'params');
      const lines = options.map(([key, value]) => `    ${camelToSnake(key)}: ${valueText(value)}\n`).sort();
      return `\nParameter Group ${index}\n${lines.join('')}`;
    });
    return `${this.constructor.name} (${groups.join('')})`;
  }
}
