// What all pruning methods share: a mask beside the original, and their product before each forward.

import { IndexError, TorchError, ValueError } from '../errors.js';
import { slice, type TensorIndex } from '../indexing.js';
import { scope } from '../memory.js';
import { contiguousFormat } from '../memory-format.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { sizeText, typeText, valueText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';
import type { Module } from './module.js';
import { isParameter, type Parameter } from './parameter.js';
import { beside, fieldOf, Recomputed, recomputedOf, setComputed } from './recomputed.js';

/** What a method's masks are made over: single elements, whole channels, or all that there is. */
export type PruningType = 'unstructured' | 'structured' | 'global';

export interface ImportanceOptions {
  /** Shaped like the parameter; what decides in its place. */
  importanceScores?: Tensor | null;
}

export const importanceNames: Names<ImportanceOptions> = { importanceScores: true };

function requireScores(scores: Tensor, { shape }: Tensor, what: string): void {
  const [got, wanted] = [sizeText(scores.shape), sizeText(shape)];
  if (got === wanted) return;
  throw new TorchError(`importance_scores should have the same shape as ${what}, got ${got} vs ${wanted}`);
}

/** The base of pruning methods: subclasses say what they prune and compute masks; `apply` puts them on a parameter. */
export abstract class BasePruningMethod extends Recomputed {
  abstract readonly PRUNING_TYPE: PruningType;
  /** The parameter, once the method is applied to one. */
  tensorName: string | undefined = undefined;

  override get name(): string {
    return this.tensorName ?? '';
  }

  /** The mask of `t`, 1 where it stays, within `defaultMask`. */
  abstract computeMask(t: Tensor, defaultMask: Tensor): Tensor;

  /** The original times the mask. */
  applyMask(module: Module): Tensor {
    if (this.tensorName === undefined) throw new TorchError(`Module ${module} has to be pruned`);
    const original = fieldOf(module, beside(this.tensorName, 'orig'));
    const mask = fieldOf(module, beside(this.tensorName, 'mask'));
    return scope(() => mask.to(original.dtype).mul(original));
  }

  protected override recompute(module: Module): Tensor {
    return this.applyMask(module);
  }

  /** `t` with this method's zeros in it. */
  prune(t: Tensor, options: ImportanceOptions & { defaultMask?: Tensor | null } = {}): Tensor {
    requireNames(this.prune, options, { ...importanceNames, defaultMask: true });
    const { defaultMask, importanceScores } = options;
    if (importanceScores) requireScores(importanceScores, t, 'tensor t');
    return scope(() => t.mul(this.computeMask(importanceScores ?? t, defaultMask ?? aten.onesLike(t))));
  }

  /** Makes the pruned tensor the parameter for good. */
  remove(module: Module): void {
    const name = this.tensorName;
    if (name === undefined) {
      throw new TorchError(`Module ${module} has to be pruned before pruning can be removed`);
    }
    const original = fieldOf(module, beside(name, 'orig')) as Parameter;
    scope(() => original.setData(this.applyMask(module).detach()));
    for (const field of [name, beside(name, 'orig'), beside(name, 'mask')]) module.removeMember(field);
    module.registerParameter(name, original);
    this.detach(module);
  }

  /**
   * Prunes the parameter `name` with the method that the other arguments make; on top of what has pruned it already.
   * The last argument may hold `importanceScores`.
   */
  static override apply<Args extends unknown[]>(
    this: new (
      ...args: Args
    ) => BasePruningMethod,
    module: Module,
    name: string,
    ...args: Args
  ): BasePruningMethod {
    const { importanceScores } = (args.at(-1) ?? {}) as ImportanceOptions;
    return new this(...args).on(module, name, importanceScores ?? null);
  }

  private on(module: Module, name: string, scores: Tensor | null): BasePruningMethod {
    const before = pruningOf(module, name);
    this.tensorName = name;
    const method: BasePruningMethod = before ? chained(before, this) : this;
    const tensor: unknown = Reflect.get(module, name);
    if (!isTensor(tensor))
      throw new ValueError(`'${module.constructor.name}' object has no attribute '${name}'`);
    if (scores) requireScores(scores, tensor, `parameter ${name} of ${module}`);
    if (!before && !isParameter(tensor)) throw new ValueError(`'${name}' of ${module} is no parameter`);
    scope(() => {
      const known = before && fieldOf(module, beside(name, 'mask')).detach();
      const allowed = known?.clone({ memoryFormat: contiguousFormat }) ?? aten.onesLike(tensor);
      const mask = method.computeMask(scores ?? tensor, allowed);
      if (!before) {
        module.removeMember(name);
        module.registerParameter(beside(name, 'orig'), tensor as Parameter);
      }
      module.registerBuffer(beside(name, 'mask'), mask);
    });
    setComputed(module, name, method.applyMask(module));
    before?.detach(module);
    method.attach(module);
    return method;
  }
}

/** The method that prunes this parameter, or a container of several. */
export function pruningOf(module: Module, name: string): BasePruningMethod | undefined {
  return recomputedOf(module).find(
    (found): found is BasePruningMethod => found instanceof BasePruningMethod && found.tensorName === name,
  );
}

function chained(before: BasePruningMethod, next: BasePruningMethod): PruningContainer {
  const container = before instanceof PruningContainer ? before : new PruningContainer(before);
  container.addPruningMethod(next);
  return container;
}

/** Several methods on one parameter, one after another: each sees what the ones before it have left. */
export class PruningContainer extends BasePruningMethod implements Iterable<BasePruningMethod> {
  readonly PRUNING_TYPE = 'global';
  private readonly methods: BasePruningMethod[] = [];

  constructor(...methods: BasePruningMethod[]) {
    super();
    this.tensorName = methods[0]?.tensorName;
    for (const method of methods) this.addPruningMethod(method);
  }

  addPruningMethod(method: BasePruningMethod): void {
    if (!(method instanceof BasePruningMethod)) {
      throw new TypeError(`${typeText(method)} is not a BasePruningMethod subclass`);
    }
    if (method.tensorName !== this.tensorName) {
      throw new ValueError(
        `Can only add pruning methods acting on the parameter named '${this.tensorName}' to PruningContainer. ` +
          `Found '${method.tensorName}'`,
      );
    }
    this.methods.push(method);
  }

  get length(): number {
    return this.methods.length;
  }

  [Symbol.iterator](): Iterator<BasePruningMethod> {
    return this.methods[Symbol.iterator]();
  }

  at(index: number): BasePruningMethod | undefined {
    return this.methods.at(index);
  }

  /** The last method's mask of what is left, put into the mask of the others. */
  override computeMask(t: Tensor, defaultMask: Tensor): Tensor {
    const method = this.methods.at(-1) as BasePruningMethod;
    const places = left(method, t, defaultMask);
    const partial = method.computeMask(t.index(...places), defaultMask.index(...places));
    return defaultMask.to(t.dtype).clone().indexPut_(places, partial.to(t.dtype));
  }
}

/** Where a method may still prune. */
function left(method: BasePruningMethod, t: Tensor, mask: Tensor): TensorIndex[] {
  const all = t.shape.map(() => slice(null));
  switch (method.PRUNING_TYPE) {
    case 'unstructured':
      return [mask.eq(1)];
    case 'structured': {
      const { dim } = method as { dim?: number };
      if (dim === undefined) {
        throw new ValueError(
          'Pruning methods of PRUNING_TYPE "structured" need to have the attribute `dim` defined.',
        );
      }
      const at = dim < 0 ? dim + all.length : dim;
      if (at < 0) throw new IndexError(`Index is out of bounds for tensor with dimensions ${all.length}`);
      const others = all.map((_, d) => d).filter((d) => d !== at);
      return all.map((whole, d) => (d === at ? mask.sum(others).ne(0) : whole));
    }
    case 'global':
      return all;
    default:
      throw new ValueError(`Unrecognized PRUNING_TYPE ${valueText(method.PRUNING_TYPE)}`);
  }
}
