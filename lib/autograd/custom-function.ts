import { TorchError } from '../errors.js';
import { type FunctionState, type Handle, native } from '../native.js';
import { handleOf, isTensor, type Tensor, wrap } from '../tensor.js';

type Gradient = Tensor | null | undefined;

/**
 * What `forward` and `backward` of one call share. `Saved` says what is saved, and fields of your own may be put on it:
 * `ctx: FunctionContext<[Tensor, Tensor]> & { slope: number }`.
 */
export class FunctionContext<Saved extends (Tensor | null)[] = Tensor[]> {
  /** For each argument whether backward must compute its gradient. */
  readonly needsInputGrad: boolean[];
  readonly #state: FunctionState;
  #saved: (Tensor | null)[] | undefined = [];
  #dirty: Tensor[] = [];
  #nonDifferentiable: Tensor[] = [];
  #materialize = true;

  constructor(state: FunctionState, args: readonly unknown[]) {
    this.#state = state;
    this.needsInputGrad = args.map((arg) => isTensor(arg) && arg.requiresGrad);
  }

  /** Saves inputs or outputs of forward; their versions are checked when backward reads them. Once per call. */
  saveForBackward(...tensors: Saved): void {
    const wrong = tensors.findIndex((tensor) => tensor !== null && !isTensor(tensor));
    if (wrong >= 0) {
      throw new TypeError(
        `saveForBackward can only save tensors, but argument ${wrong} is of type ${typeof tensors[wrong]}`,
      );
    }
    this.#saved = tensors;
  }

  /** What forward saved. Throws TorchError after backward freed it, or where a tensor was changed in place since. */
  get savedTensors(): Saved {
    const read = () => native.savedTensors(this.#state).map((handle) => (handle === 0 ? null : wrap(handle)));
    return (this.#saved ?? read()) as Saved;
  }

  /** Inputs that forward changes in place. */
  markDirty(...inputs: Tensor[]): void {
    this.#dirty = inputs;
  }

  markNonDifferentiable(...outputs: Tensor[]): void {
    this.#nonDifferentiable = outputs;
  }

  /** With false, backward gets null instead of zeros for outputs without gradient. */
  setMaterializeGrads(materialize: boolean): void {
    this.#materialize = materialize;
  }

  /** What the node takes over; the graph owns it from here on. */
  give(outputs: readonly Tensor[]): [Handle[], Handle[], Handle[], Handle[], boolean] {
    const saved = (this.#saved ?? []).map((tensor) => (tensor === null ? 0 : handleOf(tensor)));
    const answer: [Handle[], Handle[], Handle[], Handle[], boolean] = [
      outputs.map(handleOf),
      saved,
      this.#dirty.map(handleOf),
      this.#nonDifferentiable.map(handleOf),
      this.#materialize,
    ];
    this.#saved = undefined;
    this.#dirty = [];
    this.#nonDifferentiable = [];
    return answer;
  }
}

/** Any of them: what a subclass saves is its own. */
type AnyContext = FunctionContext<(Tensor | null)[]>;

interface Forwards<Args extends unknown[], Result> {
  forward(context: AnyContext, ...args: Args): Result;
}

/** Python's newer form: `forward` takes no context, and what it saves is said apart. */
interface SetsUp<Args extends unknown[], Result> {
  forward(...args: Args): Result;
  setupContext(context: AnyContext, inputs: Args, output: Result): void;
}

/**
 * An operator with its own derivative (torch.autograd.Function). Subclass it with static `forward(context, ...args)`,
 * which runs without a graph, and static `backward(context, ...gradients)`, which answers with one gradient or null
 * per argument of forward; call it with `apply`. With a static `setupContext(context, inputs, output)`, which saves
 * what backward needs, forward is `forward(...args)`.
 */
// biome-ignore lint/complexity/noStaticOnlyClass: the shape that torch.autograd.Function has
export abstract class AutogradFunction {
  /** Tensors among the arguments take part in the graph, those inside of arrays or objects do not. */
  static apply<Args extends unknown[], Result>(this: SetsUp<Args, Result>, ...args: Args): Result;
  static apply<Args extends unknown[], Result>(this: Forwards<Args, Result>, ...args: Args): Result;
  static apply<Args extends unknown[], Result>(this: object, ...args: Args): Result {
    // biome-ignore lint/complexity/noThisInStatic: the subclass is what is applied
    const definition = this as unknown as typeof AutogradFunction &
      (SetsUp<Args, Result> | Forwards<Args, Result>);
    const name = `${definition.name}Backward`;
    const state = native.newContext();
    const context = new FunctionContext(state, args);
    let result!: Result;
    const listed = () => (Array.isArray(result) ? (result as unknown[]) : [result]);
    // Native code keeps this function: it must hold no argument.
    const tensors = args.map((arg) => isTensor(arg));
    const handles = native.customFunction(
      state,
      args.filter(isTensor).map(handleOf),
      () => {
        result = forwarded(definition, context, args);
        return context.give(listed().filter(isTensor));
      },
      backwardOf(definition, context, tensors, name),
      name,
    );
    const outputs = listed().map((output) =>
      isTensor(output) ? same(output, handles.shift() as Handle) : output,
    );
    return (Array.isArray(result) ? outputs : outputs[0]) as Result;
  }

  static backward(_context: AnyContext, ..._gradients: (Tensor | null)[]): Gradient | Gradient[] {
    throw new TorchError(
      'You must implement a static backward(context, ...gradients) for your custom autograd.Function to use it with ' +
        'backward mode AD.',
    );
  }
}

function forwarded<Args extends unknown[], Result>(
  definition: SetsUp<Args, Result> | Forwards<Args, Result>,
  context: AnyContext,
  args: Args,
): Result {
  if (!('setupContext' in definition)) return definition.forward(context, ...args);
  const output = definition.forward(...args);
  definition.setupContext(context, args, output);
  return output;
}

/** libtorch gives history to the tensor that forward made where it can, so that it stays the same object. */
function same(output: Tensor, handle: Handle): Tensor {
  if (!native.isSame(handleOf(output), handle)) return wrap(handle);
  native.dispose(handle);
  return output;
}

function backwardOf(
  definition: typeof AutogradFunction,
  context: AnyContext,
  tensors: readonly boolean[],
  name: string,
): (gradients: Handle[]) => Handle[] {
  return (handles) => {
    const given = handles.map((handle) => (handle === 0 ? null : wrap(handle)));
    const answer = definition.backward(context, ...given);
    const gradients = Array.isArray(answer) ? answer : [answer];
    const extra = gradients.slice(tensors.length);
    if (gradients.length < tensors.length || extra.some((gradient) => gradient != null)) {
      throw new TorchError(
        `function ${name} returned an incorrect number of gradients (expected ${tensors.length}, got ${gradients.length})`,
      );
    }
    return tensors.flatMap((isInput, i) => gradientHandle(gradients[i], isInput, i, name));
  };
}

function gradientHandle(gradient: Gradient, isInput: boolean, at: number, name: string): Handle[] {
  if (gradient !== null && gradient !== undefined && !isTensor(gradient)) {
    throw new TypeError(`expected Tensor or null (got ${typeof gradient})`);
  }
  if (isInput) return [gradient ? handleOf(gradient) : 0];
  if (!gradient) return [];
  throw new TorchError(
    `function ${name} returned a gradient different from None at position ${at + 1}, but the corresponding forward ` +
      'input was not a Variable',
  );
}
