import { type Device, type DeviceLike, device } from '../device.js';
import { DType } from '../dtype.js';
import { native, type Script } from '../native.js';
import { OrderedDict } from '../ordered-dict.js';
import { writeAtomically } from '../serialization/atomic-file.js';
import { type Tensor, wrap } from '../tensor.js';
import { fromScript, toScript } from './script-values.js';

/**
 * A TorchScript module (torch.jit.ScriptModule). libtorch's interpreter runs its code, which may use any operator, also
 * those that read and write files (`from_file`, `save`).
 */
export class ScriptModule {
  readonly #script: Script;

  /** Not for callers: modules come from `torch.jit.load`. */
  constructor(script: Script) {
    this.#script = script;
  }

  /** The names of its methods. */
  methods(): string[] {
    return native.scriptMethods(this.#script);
  }

  /** Runs `forward`. Numbers are ints or floats as the parameter wants them. Throws TorchError with PyTorch's text. */
  forward<T = Tensor>(...args: unknown[]): T {
    return this.run('forward', ...args) as T;
  }

  /** Runs a method by its name. */
  run(method: string, ...args: unknown[]): unknown {
    return fromScript(native.scriptRun(this.#script, method, args.map(toScript)));
  }

  /** An attribute that is no submodule. */
  attribute(name: string): unknown {
    return fromScript(native.scriptAttribute(this.#script, name));
  }

  namedParameters(): [string, Tensor][] {
    return named(native.scriptParameters(this.#script));
  }

  parameters(): Tensor[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  namedBuffers(): [string, Tensor][] {
    return named(native.scriptBuffers(this.#script));
  }

  buffers(): Tensor[] {
    return this.namedBuffers().map(([, buffer]) => buffer);
  }

  /** Parameters, then buffers, by name; their memory is the module's own. */
  stateDict(): OrderedDict<string, Tensor> {
    return new OrderedDict([...this.namedParameters(), ...this.namedBuffers()]);
  }

  get training(): boolean {
    return native.scriptIsTraining(this.#script);
  }

  train(mode = true): this {
    native.scriptTrain(this.#script, mode);
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  /** Moves parameters and buffers: `to('cuda')`, `to(torch.float64)`, `to('cuda', torch.float16)`. */
  to(target: DeviceLike | DType, dtype?: DType): this {
    const [place, type] = target instanceof DType ? [null, target] : [`${device(target as Device)}`, dtype];
    native.scriptTo(this.#script, place, type?.code ?? null);
    return this;
  }

  /** Writes a file that `torch.jit.load` opens, here and in Python; an old one is replaced when it is complete. */
  save(path: string): void {
    const bytes = native.scriptSave(this.#script);
    writeAtomically(path, (file) => file.write(bytes));
  }

  /** @see freeze */
  freeze(preservedAttrs: readonly string[]): ScriptModule {
    return new ScriptModule(native.scriptFreeze(this.#script, [...preservedAttrs]));
  }

  /** @see optimizeForInference */
  optimizeForInference(): ScriptModule {
    return new ScriptModule(native.scriptOptimize(this.#script));
  }

  toString(): string {
    return `ScriptModule(${this.methods().join(', ')})`;
  }
}

function named(pairs: readonly (string | number)[]): [string, Tensor][] {
  return Array.from({ length: pairs.length / 2 }, (_, i) => [
    pairs[2 * i] as string,
    wrap(pairs[2 * i + 1] as number),
  ]);
}
