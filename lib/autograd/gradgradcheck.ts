import { float64 } from '../dtype.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { float } from '../scalar.js';
import { isTensor, type Tensor } from '../tensor.js';
import { grad } from './backward.js';
import {
  type Checked,
  differentiable,
  type GradcheckOptions,
  gradcheck,
  gradcheckNames,
} from './gradcheck.js';

export interface GradgradcheckOptions extends GradcheckOptions {
  /** The gradients of the outputs; random numbers in [-1, 1) by default. */
  gradOutputs?: Tensor | readonly Tensor[] | null;
}

function randomLike({ shape, dtype, device }: Tensor): Tensor {
  const wanted = dtype.isFloatingPoint || dtype.isComplex ? dtype : float64;
  const made = aten.empty(shape, { dtype: wanted, device });
  (dtype.isComplex ? aten.viewAsReal(made) : made).uniform_(float(-1), float(1));
  return made.requiresGrad_();
}

/** Checks the gradients of the gradients of `fn` (torch.autograd.gradgradcheck). */
export function gradgradcheck(
  fn: Checked,
  inputs: Tensor | readonly Tensor[],
  options: GradgradcheckOptions = {},
): boolean {
  requireNames(gradgradcheck, options, { ...gradcheckNames, gradOutputs: true });
  const { gradOutputs, ...others } = options;
  const given = (Array.isArray(inputs) ? inputs : [inputs]) as Tensor[];
  const outer = gradOutputs
    ? ((Array.isArray(gradOutputs) ? gradOutputs : [gradOutputs]) as Tensor[])
    : differentiable(fn(...given)).map(randomLike);
  const gradientsOf: Checked = (...args) => {
    const [ins, outs] = [args.slice(0, given.length), args.slice(given.length)];
    const targets = ins.filter((input) => isTensor(input) && input.requiresGrad);
    const gradients = grad(differentiable(fn(...ins)), targets, {
      gradOutputs: outs,
      createGraph: true,
      allowUnused: true,
    });
    return gradients.filter((gradient) => gradient !== null);
  };
  return gradcheck(gradientsOf, [...given, ...outer], others);
}
