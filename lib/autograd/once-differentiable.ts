import { TorchError } from '../errors.js';
import { isTensor, type Tensor } from '../tensor.js';
import { isGradEnabled, noGrad } from './backward.js';
import { AutogradFunction, type FunctionContext } from './custom-function.js';

/** Hands gradients on, and refuses to be differentiated. */
class Differentiated extends AutogradFunction {
  static forward(_context: FunctionContext, ...gradients: (Tensor | null)[]): (Tensor | null)[] {
    return gradients.map((gradient) => gradient?.detach() ?? null);
  }

  static override backward(): never {
    throw new TorchError(
      'trying to differentiate twice a function that was marked with @once_differentiable',
    );
  }
}

type Gradients = (Tensor | null | undefined) | (Tensor | null | undefined)[];

/**
 * A static `backward` that runs without a graph, and throws TorchError where its result is differentiated
 * (torch.autograd.function.once_differentiable): `static override backward = onceDifferentiable((context, gradient) => ...)`.
 */
export function onceDifferentiable<C extends FunctionContext, Args extends (Tensor | null)[]>(
  backward: (context: C, ...gradients: Args) => Gradients,
): (context: C, ...gradients: Args) => Gradients {
  return (context, ...gradients) => {
    const answer = noGrad(() => backward(context, ...gradients));
    const needed = gradients.some((gradient) => isTensor(gradient) && gradient.requiresGrad);
    if (!isGradEnabled() || !needed) return answer;
    const listed = Array.isArray(answer) ? answer : [answer];
    const marked = listed.map((gradient) => gradient?.detach().requiresGrad_() ?? null);
    return Differentiated.apply(...marked);
  };
}
