// torch.autograd.gradcheck: gradients of the engine against finite differences, element by element (Python's slow mode;
// without forward mode, vmap, sparse tensors).

import { complex128, float64 } from '../dtype.js';
import { TorchError, ValueError } from '../errors.js';
import { strided } from '../layout.js';
import { scope } from '../memory.js';
import { aten } from '../operators/ops.js';
import { type Names, requireNames } from '../options.js';
import { isTensor, type Tensor } from '../tensor.js';
import { warn } from '../warn.js';
import { grad } from './backward.js';
import { AutogradFunction, type FunctionContext } from './custom-function.js';
import { analyticalJacobians } from './gradcheck-analytical.js';
import { GradcheckError } from './gradcheck-error.js';
import { numericalJacobians } from './gradcheck-numerical.js';

export { GradcheckError } from './gradcheck-error.js';

export interface GradcheckOptions {
  /** The perturbation of finite differences. */
  eps?: number;
  atol?: number;
  rtol?: number;
  /** With false a failed check answers false. */
  raiseException?: boolean;
  /** How far two backward passes of the same may differ. */
  nondetTol?: number;
  /** Whether missing gradients of outputs must count as zeros. */
  checkUndefinedGrad?: boolean;
  /** Whether gradients must have their inputs' dtypes. */
  checkGradDtypes?: boolean;
}

export const gradcheckNames: Names<GradcheckOptions> = {
  eps: true,
  atol: true,
  rtol: true,
  raiseException: true,
  nondetTol: true,
  checkUndefinedGrad: true,
  checkGradDtypes: true,
};

export type Checked = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

const asList = (value: Tensor | readonly Tensor[]): readonly Tensor[] =>
  Array.isArray(value) ? value : [value as Tensor];

export const differentiable = (value: Tensor | readonly Tensor[]): Tensor[] =>
  asList(value).filter((output) => output.requiresGrad);

const requiring = (inputs: readonly Tensor[]) =>
  inputs.filter((input) => isTensor(input) && input.requiresGrad);

function checkInputs(inputs: readonly Tensor[]): void {
  inputs.forEach((input, i) => {
    if (!isTensor(input) || !input.requiresGrad) return;
    if (input.dtype !== float64 && input.dtype !== complex128) {
      warn(
        `Input #${i} requires gradient and is not a double precision floating point or complex. This check will likely ` +
          'fail if all the inputs are not of double precision floating point or complex. ',
      );
    }
    const { shape } = input;
    if (input.stride().some((stride, d) => stride === 0 && (shape[d] as number) > 1)) {
      throw new TorchError(
        `The ${i}th input has a dimension with stride 0. gradcheck only supports inputs that are non-overlapping to be ` +
          'able to compute the numerical gradients correctly. You should call .contiguous on the input before passing ' +
          'it to gradcheck.',
      );
    }
  });
  if (requiring(inputs).length > 0) return;
  throw new ValueError(
    'gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True.',
  );
}

function checkOutputs(outputs: readonly Tensor[]): void {
  if (outputs.every(({ layout }) => layout === strided)) return;
  throw new ValueError(
    'Sparse output is not supported at gradcheck yet. Please call to_dense(masked_grad=...) on the output of fn for gradcheck.',
  );
}

/** Which part of complex outputs is looked at; their indices. */
interface Part {
  readonly name: 'real' | 'imaginary';
  readonly complex: readonly number[];
}

function mismatch(a: Tensor, n: Tensor, output: number, input: number, part: Part | undefined): string {
  const prefix = part?.complex.includes(output)
    ? `While considering the ${part.name} part of complex outputs only, `
    : '';
  return (
    `${prefix}Jacobian mismatch for output ${output} with respect to input ${input},\n` +
    `numerical:${n}\nanalytical:${a}\n`
  );
}

type Settings = Required<Omit<GradcheckOptions, 'raiseException'>>;

/** Compares the Jacobians of real functions. */
function compare(
  fn: Checked,
  inputs: readonly Tensor[],
  result: Tensor | readonly Tensor[],
  settings: Settings,
  part?: Part,
): void {
  const outputs = differentiable(result);
  const all = asList(result);
  const numerical = numericalJacobians(fn, inputs, all, settings.eps);
  if (outputs.length === 0) {
    if (numerical.flat().every((jacobian) => jacobian.ne(0).sum().item() === 0)) return;
    throw new GradcheckError('Numerical gradient for function expected to be zero');
  }
  const byOutput = all.map((_, i) => numerical.map((jacobians) => jacobians[i] as Tensor));
  const expected = byOutput.filter((_, i) => all[i]?.requiresGrad);
  outputs.forEach((output, i) => {
    const analytical = analyticalJacobians(requiring(inputs), output, settings);
    analytical.forEach((a, j) => {
      const n = expected[i]?.[j] as Tensor;
      if (!close(a, n, settings)) throw new GradcheckError(mismatch(a, n, i, j, part));
    });
  });
}

function close(a: Tensor, b: Tensor, { rtol, atol }: Settings): boolean {
  const dtype = aten.add(a.newEmpty([0]), b.newEmpty([0])).dtype;
  return aten.allclose(a.to(dtype), b.to({ dtype, device: a.device }), rtol, atol) as unknown as boolean;
}

/** `fn` with a part of its complex outputs. */
const partOf =
  (fn: Checked, part: (output: Tensor) => Tensor): Checked =>
  (...inputs) =>
    asList(fn(...inputs)).map((output) => (output.dtype.isComplex ? part(output) : output));

function compareParts(
  fn: Checked,
  inputs: readonly Tensor[],
  result: Tensor | readonly Tensor[],
  settings: Settings,
): void {
  if (!asList(result).some(({ dtype }) => dtype.isComplex)) {
    compare(fn, inputs, result, settings);
    return;
  }
  const complex = differentiable(result).flatMap(({ dtype }, i) => (dtype.isComplex ? [i] : []));
  const [imag, real] = [partOf(fn, aten.imag), partOf(fn, aten.real)];
  compare(imag, inputs, imag(...inputs), settings, { name: 'imaginary', complex });
  compare(real, inputs, real(...inputs), settings, { name: 'real', complex });
}

function checkMultiplied(outputs: readonly Tensor[], inputs: readonly Tensor[]): void {
  const targets = requiring(inputs);
  const gradOutputs = outputs.map((output) => aten.zerosLike(output));
  const gradients = grad(outputs, targets, { gradOutputs, allowUnused: true });
  gradients.forEach((gradient, i) => {
    const target = targets[i] as Tensor;
    if (gradient === null) return;
    if (!gradient.eq(0).all().item()) throw new GradcheckError('backward not multiplied by grad_output');
    if (gradient.dtype !== target.dtype) throw new GradcheckError('grad is incorrect type');
    if (`${gradient.device}` !== `${target.device}`) throw new GradcheckError('grad is incorrect device');
    if (`${gradient.shape}` !== `${target.shape}`) throw new GradcheckError('grad is incorrect size');
  });
}

/** The identity, whose gradient is undefined. */
class UndefinedGrad extends AutogradFunction {
  static forward(_: FunctionContext, output: Tensor): Tensor {
    return output.viewAs(output);
  }
  static override backward(): null {
    return null;
  }
}

const undefinedGrad = (output: Tensor): Tensor => UndefinedGrad.apply(output);

const warnOfUndefined = () =>
  warn(
    'Backwards compatibility: New undefined gradient support checking feature is enabled by default, but it may break ' +
      'existing callers of this function. If this is true for you, you can call this function with ' +
      '"check_undefined_grad=False" to disable the feature',
  );

function checkUndefined(outputs: readonly Tensor[], targets: readonly Tensor[]): void {
  const notes =
    'Please look at "Notes about undefined output gradients" in "tools/autograd/derivatives.yaml"';
  let gradients: (Tensor | null)[];
  try {
    const gradOutputs = outputs.map((output) => aten.zerosLike(output));
    gradients = grad(outputs, targets, { gradOutputs, allowUnused: true });
  } catch (cause) {
    if (!(cause instanceof TorchError)) throw cause;
    warnOfUndefined();
    throw new GradcheckError(`Expected backward function to handle undefined output grads. ${notes}`, {
      cause,
    });
  }
  if (gradients.every((gradient) => gradient === null || gradient.eq(0).all().item())) return;
  warnOfUndefined();
  throw new GradcheckError(
    `Expected all input grads to be undefined or zero when all output grads are undefined or zero. ${notes}`,
  );
}

function checkAllUndefined(fn: Checked, inputs: readonly Tensor[], count: number): void {
  const targets = requiring(inputs);
  const outputs = () => differentiable(fn(...inputs));
  const all = outputs();
  checkUndefined(all.map(undefinedGrad), targets);
  if (all.length < 2) return;
  for (let i = 0; i < count; i++) {
    checkUndefined(
      outputs().map((output, at) => (at === i ? undefinedGrad(output) : output)),
      targets,
    );
  }
}

/**
 * Checks the gradients of `fn` at `inputs`, which should be float64 (torch.autograd.gradcheck). Throws GradcheckError,
 * or answers false without `raiseException`.
 */
export function gradcheck(
  fn: Checked,
  inputs: Tensor | readonly Tensor[],
  options: GradcheckOptions = {},
): boolean {
  requireNames(gradcheck, options, gradcheckNames);
  const { raiseException = true, ...others } = options;
  const defaults = { eps: 1e-6, atol: 1e-5, rtol: 1e-3, nondetTol: 0 };
  const settings = { ...defaults, checkUndefinedGrad: true, checkGradDtypes: false, ...others };
  try {
    scope(() => check(fn, asList(inputs), settings));
    return true;
  } catch (error) {
    if (raiseException || !(error instanceof GradcheckError)) throw error;
    return false;
  }
}

function check(fn: Checked, inputs: readonly Tensor[], settings: Settings): void {
  checkInputs(inputs);
  const result = fn(...inputs);
  const outputs = differentiable(result);
  checkOutputs(outputs);
  compareParts(fn, inputs, result, settings);
  if (outputs.length === 0) throw new TorchError('grad requires non-empty inputs.');
  checkMultiplied(outputs, inputs);
  if (settings.checkUndefinedGrad) checkAllUndefined(fn, inputs, outputs.length);
}
