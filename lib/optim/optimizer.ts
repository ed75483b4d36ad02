import { enableGrad, noGrad } from '../autograd.js';
import { ValueError } from '../errors.js';
import { camelToSnake, snakeToCamel } from '../names.js';
import { typeText, valueText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';
import { zeroGrad } from '../zero-grad.js';
import { type ParamGroup, type ParamGroupInput, type Params, packGroup, unpackGroup } from './param-group.js';

/** Python's dict: `state` by the number of the parameter, `param_groups`; keys in PyTorch's spelling. */
export interface OptimizerStateDict extends Map<string, unknown> {
  get(key: 'state'): Map<number, Map<string, unknown>>;
  get(key: 'param_groups'): Map<string, unknown>[];
  get(key: string): unknown;
}

/** What an optimizer remembers of one parameter. */
export type ParamState = Record<string, Tensor | null | undefined>;

function isPair(value: unknown): value is readonly [string, Tensor] {
  return Array.isArray(value);
}

/**
 * Base of all optimizers (torch.optim.Optimizer): groups, state, and their state dict. Steps are PyTorch's single-tensor
 * path, its default on the CPU; on CUDA its default is foreach, with other bits: compare with `foreach=False` there.
 */
export abstract class Optimizer<G extends ParamGroup = ParamGroup, S extends ParamState = ParamState> {
  readonly paramGroups: G[] = [];
  /** By parameter, in the order of first use. */
  readonly state = new Map<Tensor, S>();
  /** Set by `step` once a scheduler asks for it (false): schedulers warn when they are stepped first. */
  stepCalled?: boolean;

  constructor(
    params: Params | Iterable<ParamGroupInput<G>>,
    readonly defaults: Omit<G, 'params'>,
  ) {
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
    const { params, ...options } = input;
    if (params instanceof Set) {
      throw new TypeError(
        'optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets ' +
          'will change between runs. Please use a list instead.',
      );
    }
    const given: unknown[] = isTensor(params) ? [params] : [...params];
    const names = given.filter(isPair).map(([name]) => name);
    if (names.length !== 0 && names.length !== given.length) {
      throw new ValueError('all optimizer params should be with/without names. Some param names are missing');
    }
    const tensors = given.map((param) => (isPair(param) ? param[1] : param)).map(checkParam);
    const named = names.length === 0 ? {} : { paramNames: names };
    const group = { params: tensors, ...options, ...named } as unknown as G;
    for (const [key, value] of Object.entries(this.defaults)) {
      if (!(key in group)) Object.assign(group, { [key]: value });
    }
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

  /** Updates one group's parameters from their gradients; runs without autograd. */
  protected abstract update(group: G): void;

  /** Fills in what a group from an older file lacks (`__setstate__`). */
  protected completeGroup(_group: G): void {}

  /** One step. `closure` computes the loss and its gradients first; its result is returned. */
  step(): undefined;
  step<T>(closure: () => T): T;
  step<T>(closure?: () => T): T | undefined {
    if (this.stepCalled !== undefined) this.stepCalled = true;
    const loss = closure && enableGrad(closure);
    noGrad(() => {
      for (const group of this.paramGroups) this.update(group);
    });
    return loss;
  }

  zeroGrad(options: { setToNone?: boolean } = {}): void {
    for (const { params } of this.paramGroups) zeroGrad(params, options);
  }

  /** The state in Python's layout. Its tensors are the optimizer's own. */
  stateDict(): OptimizerStateDict {
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
      const entries = Object.entries(values).map(([key, value]): [string, unknown] => [
        camelToSnake(key),
        value,
      ]);
      state.set(numbers.get(param) as number, new Map(entries));
    }
    return new Map<string, unknown>([
      ['state', state],
      ['param_groups', groups],
    ]) as OptimizerStateDict;
  }

  /** Takes over a state dict; tensors are cast to their parameter's dtype and device. Throws ValueError. */
  loadStateDict(stateDict: ReadonlyMap<string, unknown>): void {
    const saved = stateDict.get('param_groups') as Map<string, unknown>[];
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
    for (const [number, values] of stateDict.get('state') as Map<number, Map<string, unknown>>) {
      const param = byNumber.get(number);
      if (param) this.state.set(param, unpackState(values, param) as S);
    }
    for (const [index, packed] of saved.entries()) {
      const group = unpackGroup(packed, groups[index] as G);
      this.completeGroup(group);
      groups[index] = group;
    }
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

function checkParam(param: unknown): Tensor {
  if (!isTensor(param)) {
    throw new TypeError(`optimizer can only optimize Tensors, but one of the params is ${typeText(param)}`);
  }
  if (!param.isLeaf) throw new ValueError("can't optimize a non-leaf Tensor");
  return param;
}

/** `step` keeps its dtype and device, everything else follows the parameter's (pytorch/pytorch#74424). */
function unpackState(values: ReadonlyMap<string, unknown>, param: Tensor): ParamState {
  const state: ParamState = {};
  for (const [key, value] of values) {
    const dtype = param.dtype.isFloatingPoint ? param.dtype : null;
    const cast = isTensor(value) && key !== 'step' ? value.to({ dtype, device: param.device }) : value;
    state[snakeToCamel(key)] = isTensor(cast) ? cast.keep() : (cast as null);
  }
  return state;
}
