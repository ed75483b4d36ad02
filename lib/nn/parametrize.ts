// Parameters that are computed from others (torch.nn.utils.parametrize).

import { noGrad } from '../autograd/index.js';
import { NotImplementedError, TorchError, ValueError } from '../errors.js';
import { requireNames } from '../options.js';
import { sizeText, typeText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';
import { ModuleList } from './container.js';
import type { Module } from './module.js';
import { ModuleDict } from './module-dict.js';
import { nameInFiles } from './module-tree.js';
import { isParameter, Parameter } from './parameter.js';

/** A module whose `forward` computes a tensor from one or several. */
export interface Parametrization extends Module {
  forward(...originals: Tensor[]): Tensor;
  /** The originals that give this tensor; needed to assign to it. */
  rightInverse?(value: Tensor): Tensor | readonly Tensor[];
}

let cache: Map<ParametrizationList, Tensor> | null = null;

/** Computes each parametrized tensor once inside of `body`. */
export function cached<T>(body: () => T): T {
  const outer = cache;
  cache ??= new Map();
  try {
    return body();
  } finally {
    cache = outer;
  }
}

function register(module: Module, name: string, tensor: Tensor): void {
  if (isParameter(tensor)) Reflect.set(module, name, tensor);
  else module.registerBuffer(name, tensor);
}

/** What a parametrization must not change; `where` opens the message. */
function checkSame(made: unknown, { dtype, shape }: Pick<Tensor, 'dtype' | 'shape'>, where: string): void {
  if (!isTensor(made)) throw new ValueError(`A parametrization must return a tensor. Got ${typeText(made)}.`);
  const refuse = (what: string, before: string, after: string) => {
    throw new ValueError(
      `Registering a parametrization may not change the ${what} of the tensor, unless ${where}\nunparametrized ` +
        `${what}: ${before}\nparametrized ${what}: ${after}`,
    );
  };
  if (made.dtype !== dtype) refuse('dtype', `torch.${dtype.name}`, `torch.${made.dtype.name}`);
  if (sizeText(made.shape) !== sizeText(shape)) refuse('shape', sizeText(shape), sizeText(made.shape));
}

/** The parametrizations of one tensor, first to last, and what they are computed from: `original`, or `original0`, ... */
export class ParametrizationList extends ModuleList<Parametrization> {
  readonly ntensors: number;
  readonly isTensor: boolean;

  constructor(
    modules: readonly Parametrization[],
    original: Tensor,
    public unsafe: boolean,
  ) {
    if (modules.length === 0) throw new ValueError('ParametrizationList requires one or more modules.');
    super(modules);
    const { dtype, shape, device } = original;
    const inverse = noGrad(() => this.inverse(original));
    this.isTensor = isTensor(inverse);
    this.ntensors = isTensor(inverse) ? 1 : inverse.length;
    if (isTensor(inverse)) {
      if (inverse.dtype !== dtype || String(inverse.device) !== String(device)) {
        throw new ValueError(
          `When \`right_inverse\` outputs one tensor, it may not change the dtype.\noriginal.dtype: ${dtype}\n` +
            `right_inverse(original).dtype: ${inverse.dtype}`,
        );
      }
      noGrad(() => void original.set_(inverse));
      register(this, 'original', original);
    } else {
      for (const [i, part] of inverse.entries()) {
        const { requiresGrad } = original;
        const made = isParameter(original)
          ? new Parameter(part, requiresGrad)
          : part.requiresGrad_(requiresGrad);
        register(this, `original${i}`, made);
      }
    }
    if (!unsafe) checkSame(this.forward(), { dtype, shape }, '`unsafe` flag is enabled.');
  }

  private inverse(value: Tensor): Tensor | readonly Tensor[] {
    let inverse: Tensor | readonly Tensor[] = value;
    for (const module of [...this].reverse()) {
      if (!module.rightInverse) continue;
      try {
        inverse = module.rightInverse(inverse as Tensor);
      } catch (error) {
        if (!(error instanceof NotImplementedError)) throw error;
      }
    }
    return inverse;
  }

  private originals(): Tensor[] {
    if (this.isTensor) return [Reflect.get(this, 'original') as Tensor];
    return Array.from({ length: this.ntensors }, (_, i) => Reflect.get(this, `original${i}`) as Tensor);
  }

  /** Puts the tensor's originals in place, so that the parametrized tensor becomes `value`. */
  rightInverse(value: Tensor): void {
    noGrad(() => {
      let inverse: Tensor | readonly Tensor[] = value;
      for (const module of [...this].reverse()) {
        if (!module.rightInverse) {
          throw new TorchError(
            `parametrization ${module.constructor.name} does not implement right_inverse.`,
          );
        }
        inverse = module.rightInverse(inverse as Tensor);
      }
      const parts = isTensor(inverse) ? [inverse] : inverse;
      const originals = this.originals();
      if (parts.length !== originals.length) {
        throw new ValueError(
          `'right_inverse' must return a sequence of tensors of length ${originals.length}. Got a sequence of length ${parts.length}.`,
        );
      }
      for (const [i, original] of originals.entries()) {
        const part = parts[i] as Tensor;
        if (part.dtype !== original.dtype) {
          throw new ValueError(
            `The tensor returned by \`right_inverse\` has dtype ${part.dtype} while \`original\` has dtype ${original.dtype}`,
          );
        }
        original.set_(part);
      }
    });
  }

  override forward(): Tensor {
    const [first, ...others] = this as Iterable<Parametrization> as [Parametrization, ...Parametrization[]];
    let value = first.forward(...this.originals());
    for (const module of others) value = module.forward(value);
    return value;
  }
}

/** What a parametrized module has beside its class. */
interface Parametrized extends Module {
  parametrizations: ModuleDict<ParametrizationList>;
}

/** True for a module with a parametrization, of the tensor `name` if that is given. */
export function isParametrized(module: Module, name?: string): module is Parametrized {
  const { parametrizations } = module as { parametrizations?: unknown };
  if (!(parametrizations instanceof ModuleDict)) return false;
  return name === undefined ? parametrizations.size > 0 : parametrizations.has(nameInFiles(name));
}

/** A class of its own for the module, where the computed tensors are properties. */
function injectClass(module: Module): void {
  const before = Object.getPrototypeOf(module) as { constructor: { name: string } };
  const named = Object.defineProperty(() => undefined, 'name', {
    value: `Parametrized${before.constructor.name}`,
  });
  Object.setPrototypeOf(module, Object.create(before, { constructor: { value: named } }));
}

function injectProperty(module: Parametrized, name: string): void {
  const list = (self: Parametrized) => self.parametrizations.get(nameInFiles(name)) as ParametrizationList;
  Object.defineProperty(Object.getPrototypeOf(module), name, {
    configurable: true,
    get(this: Parametrized): Tensor {
      const own = list(this);
      if (!cache) return own.forward();
      const known = cache.get(own) ?? own.forward().keep();
      cache.set(own, known);
      return known;
    },
    set(this: Parametrized, value: Tensor) {
      list(this).rightInverse(value);
    },
  });
}

/**
 * Lets `parametrization` compute the parameter or buffer `name` from what it was. A second one computes from the
 * first one's result. `unsafe` allows it to change the shape and dtype.
 */
export function registerParametrization<M extends Module>(
  module: M,
  name: string,
  parametrization: Parametrization,
  options: { unsafe?: boolean } = {},
): M {
  requireNames(registerParametrization, options, { unsafe: true });
  const { unsafe = false } = options;
  parametrization.train(module.training);
  if (isParametrized(module, name)) {
    const before = Reflect.get(module, name) as Tensor;
    if (!unsafe) checkSame(parametrization.forward(before), before, 'the `unsafe` flag is enabled.');
    const list = (module as Parametrized).parametrizations.get(nameInFiles(name)) as ParametrizationList;
    list.append(parametrization);
    list.unsafe ||= unsafe;
    return module;
  }
  const original: unknown = Reflect.get(module, name);
  const own = [...module.parameters({ recurse: false }), ...module.buffers({ recurse: false })] as unknown[];
  if (!own.includes(original)) {
    throw new ValueError(
      `Module '${module}' does not have a parameter, a buffer, or a parametrized element with name '${name}'`,
    );
  }
  const list = new ParametrizationList([parametrization], original as Tensor, unsafe);
  module.removeMember(name);
  if (!isParametrized(module)) {
    injectClass(module);
    Reflect.set(module, 'parametrizations', new ModuleDict());
  }
  injectProperty(module as unknown as Parametrized, name);
  (module as unknown as Parametrized).parametrizations.set(nameInFiles(name), list);
  return module;
}

/** Takes the parametrizations of a tensor away: it stays as it is computed, or as its original was. */
export function removeParametrizations<M extends Module>(
  module: M,
  name: string,
  options: { leaveParametrized?: boolean } = {},
): M {
  requireNames(removeParametrizations, options, { leaveParametrized: true });
  const { leaveParametrized = true } = options;
  if (!isParametrized(module, name)) {
    throw new ValueError(`Module ${module} does not have a parametrization on ${name}`);
  }
  const { parametrizations } = module as Parametrized;
  const list = parametrizations.get(nameInFiles(name)) as ParametrizationList;
  if (!list.isTensor && !leaveParametrized) {
    throw new ValueError(
      'Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a sequence ' +
        'of tensors.',
    );
  }
  let left = Reflect.get(list, 'original') as Tensor | undefined;
  if (left && leaveParametrized) {
    const original = left;
    noGrad(() => void original.set_(Reflect.get(module, name) as Tensor));
  } else if (!left) {
    const computed = Reflect.get(module, name) as Tensor;
    left = computed.requiresGrad ? new Parameter(computed) : computed;
  }
  Reflect.deleteProperty(Object.getPrototypeOf(module), name);
  parametrizations.delete(nameInFiles(name));
  if (parametrizations.size === 0) {
    Reflect.deleteProperty(module, 'parametrizations');
    Object.setPrototypeOf(module, Object.getPrototypeOf(Object.getPrototypeOf(module)));
  }
  register(module as Module, name, left);
  return module;
}

/** The class that a module had before it was parametrized. */
export function typeBeforeParametrizations(module: Module): new (...args: never[]) => Module {
  const own = Object.getPrototypeOf(module) as object;
  const kind = (isParametrized(module) ? Object.getPrototypeOf(own) : own) as { constructor: unknown };
  return kind.constructor as new (
    ...args: never[]
  ) => Module;
}

/**
 * Registers the parametrizations of one module, or of its tensor `tensorName` alone, on the tensors of the same names
 * of another, and lets them share what they are computed from.
 */
export function transferParametrizationsAndParams<M extends Module>(
  from: Module,
  to: M,
  options: { tensorName?: string | null } = {},
): M {
  requireNames(transferParametrizationsAndParams, options, { tensorName: true });
  const { tensorName } = options;
  if (!isParametrized(from)) return to;
  const { parametrizations } = from;
  for (const name of tensorName == null ? [...parametrizations.keys()] : [nameInFiles(tensorName)]) {
    const list = parametrizations.get(name) as ParametrizationList;
    const field = fieldNamed(from, name);
    if (Reflect.get(to, field) == null) {
      Reflect.set(to, field, new Parameter(Reflect.get(from, field) as Tensor));
    }
    for (const parametrization of list) registerParametrization(to as Module, field, parametrization);
    const theirs = (to as unknown as Parametrized).parametrizations.get(name) as ParametrizationList;
    const originals = Object.keys(list).filter((key) => /^original\d*$/.test(key));
    for (const original of originals) Reflect.set(theirs, original, Reflect.get(list, original));
  }
  return to;
}

/** The property of a parametrized module whose name in files is this. */
function fieldNamed(module: Module, name: string): string {
  const own = Object.keys(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(module)));
  return own.find((field) => nameInFiles(field) === name) ?? name;
}
