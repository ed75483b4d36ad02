// Hooks of a module's backward: nodes of the graph around its inputs and outputs (torch.utils.hooks.BackwardHook).

import { AutogradFunction, type FunctionContext } from '../autograd/custom-function.js';
import { isGradEnabled } from '../autograd/index.js';
import { TorchError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { isTensor, type Tensor } from '../tensor.js';
import { warn } from '../warn.js';

export type Gradients = readonly (Tensor | null)[];
/** Sees the gradients of the outputs before the module's backward; what it returns replaces them. */
export type BackwardPreHook = (gradOutput: Gradients) => Gradients | Tensor | null | undefined;
/** Sees the gradients of inputs and outputs after it; what it returns replaces those of the inputs. */
export type BackwardPostHook = (
  gradInput: Gradients,
  gradOutput: Gradients,
) => Gradients | Tensor | null | undefined;

type Replace = (gradients: (Tensor | null)[]) => Gradients;

interface WatchedContext extends FunctionContext {
  replace: Replace;
  zeros: (() => Tensor)[];
}

/** The identity, whose backward lets `replace` see the gradients. */
class Watched extends AutogradFunction {
  static forward(context: FunctionContext, replace: Replace, ...tensors: Tensor[]): Tensor[] {
    context.markNonDifferentiable(...tensors.filter(({ requiresGrad }) => !requiresGrad));
    const zeros = tensors.map(
      ({ shape, dtype, device }) =>
        () =>
          aten.zeros(shape, { dtype, device }),
    );
    Object.assign(context, { replace, zeros });
    return tensors;
  }

  static override backward(context: FunctionContext, ...gradients: (Tensor | null)[]): (Tensor | null)[] {
    return [null, ...(context as WatchedContext).replace(gradients)];
  }
}

/** A hook of outputs sees null where no gradient came; behind it there are zeros, as in PyTorch. */
class WatchedOutputs extends Watched {
  static override forward(context: FunctionContext, replace: Replace, ...tensors: Tensor[]): Tensor[] {
    context.setMaterializeGrads(false);
    return Watched.forward(context, replace, ...tensors);
  }

  static override backward(context: FunctionContext, ...gradients: (Tensor | null)[]): (Tensor | null)[] {
    const { replace, zeros } = context as WatchedContext;
    return [null, ...replace(gradients).map((gradient, i) => gradient ?? (zeros[i] as () => Tensor)())];
  }
}

/** The values with their tensors watched, and where those are; null where no gradient will come. */
function watch(
  kind: typeof Watched,
  values: readonly unknown[],
  replace: Replace,
): [unknown[], number[] | null] {
  const places = [...values.keys()].filter((i) => isTensor(values[i]));
  const tensors = places.map((i) => values[i] as Tensor);
  if (!isGradEnabled() || !tensors.some(({ requiresGrad }) => requiresGrad)) return [[...values], null];
  const watched = kind.apply(replace, ...tensors);
  const result = [...values];
  for (const [i, place] of places.entries()) result[place] = watched[i];
  return [result, places];
}

function spread(gradients: Gradients, places: readonly number[], length: number): (Tensor | null)[] {
  const all = new Array<Tensor | null>(length).fill(null);
  for (const [i, place] of places.entries()) all[place] = gradients[i] ?? null;
  return all;
}

function listed(given: Gradients | Tensor, expected: number, what: string): Gradients {
  const list = isTensor(given) ? [given] : given;
  if (list.length === expected) return list;
  throw new TorchError(
    `${what} returned an invalid number of grads, got ${list.length}, but expected ${expected}`,
  );
}

/** One forward with backward hooks around it. */
export class BackwardHook {
  #gradOutputs: Gradients | null = null;
  #inputs: number[] | null = null;
  #inputCount = 0;

  constructor(
    readonly before: Iterable<BackwardPreHook>,
    readonly after: Iterable<BackwardPostHook>,
  ) {}

  watchInputs(inputs: readonly unknown[]): unknown[] {
    this.#inputCount = inputs.length;
    const [watched, places] = watch(Watched, inputs, (gradients) => this.#finish(gradients));
    this.#inputs = places;
    return watched;
  }

  watchOutput(output: unknown): unknown {
    const outputs = Array.isArray(output) ? output : [output];
    const length = outputs.length;
    let places: number[] = [];
    const [watched, found] = watch(WatchedOutputs, outputs, (gradients) => {
      const replaced = this.#begin(spread(gradients, places, length));
      return places.map((place) => replaced[place] ?? null);
    });
    places = found ?? [];
    return Array.isArray(output) ? watched : watched[0];
  }

  #begin(gradients: Gradients): Gradients {
    let gradOutputs = gradients;
    for (const hook of this.before) {
      const replaced = hook(gradOutputs);
      if (replaced != null) gradOutputs = listed(replaced, gradients.length, 'Backward pre hook');
    }
    this.#gradOutputs = gradOutputs;
    if (this.#inputs === null) this.#withoutInputs(gradOutputs);
    return gradOutputs;
  }

  /** Where no input requires a gradient there is no node after the module's own. */
  #withoutInputs(gradOutputs: Gradients): void {
    warn(
      'Full backward hook is firing when gradients are computed with respect to module outputs since no inputs ' +
        'require gradients. See https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook ' +
        'for more details.',
    );
    const none = new Array<null>(this.#inputCount).fill(null);
    for (const hook of this.after) {
      const answer = hook(none, gradOutputs);
      if (answer == null || (!isTensor(answer) && answer.every((gradient) => gradient === null))) continue;
      throw new TorchError(
        'Backward hook for Modules where no input requires gradient should always return None or None for all gradients.',
      );
    }
    this.#gradOutputs = null;
  }

  #finish(gradients: Gradients): Gradients {
    const gradOutputs = this.#gradOutputs;
    // A backward that began inside of the module did not pass its output.
    if (gradOutputs === null) return gradients;
    const places = this.#inputs ?? [];
    let gradInput: Gradients = spread(gradients, places, this.#inputCount);
    for (const hook of this.after) {
      const replaced = hook(gradInput, gradOutputs);
      if (replaced != null) gradInput = listed(replaced, this.#inputCount, 'Backward hook');
    }
    this.#gradOutputs = null;
    return places.map((place) => gradInput[place] ?? null);
  }
}
