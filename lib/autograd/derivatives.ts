// What torch.autograd.functional's functions share: tensors in and out, and what is missing between them.

import { TorchError } from '../errors.js';
import { sparseCoo } from '../layout.js';
import { aten } from '../operators/ops.js';
import type { Names } from '../options.js';
import { sizeText, typeText } from '../python-text.js';
import { isTensor, type Tensor } from '../tensor.js';
import { grad } from './backward.js';

/** A Tensor, or several. */
export type OneOrMore = Tensor | readonly Tensor[];

export interface DerivativeOptions {
  /** The result can be differentiated itself. */
  createGraph?: boolean;
  /** Throws TorchError where an output does not depend on an input, instead of giving zeros. */
  strict?: boolean;
}

export const derivativeNames: Names<DerivativeOptions> = { createGraph: true, strict: true };

export type Listed = [isList: boolean, tensors: Tensor[]];

export function listed(value: unknown, name: string, caller: string): Listed {
  const isList = Array.isArray(value);
  const tensors = (isList ? value : [value]) as unknown[];
  const wrong = tensors.findIndex((item) => !isTensor(item));
  if (wrong < 0) return [isList, tensors as Tensor[]];
  const got = typeText(tensors[wrong]);
  const what = isList ? `the value at index ${wrong} has type ${got}` : `the given ${name} has type ${got}`;
  throw new TypeError(
    `The ${name} given to ${caller} must be either a Tensor or a tuple of Tensors but ${what}.`,
  );
}

/** As they were given: one alone, or the list. */
export function unlisted<T>(isList: boolean, values: readonly T[]): T | readonly T[] {
  return isList ? values : (values[0] as T);
}

/** Leaves of a graph of their own; with `createGraph` views, so that the outer graph goes on. */
export function prepared(tensors: readonly Tensor[], createGraph: boolean, needGraph: boolean): Tensor[] {
  return tensors.map((tensor) => {
    if (!createGraph || !tensor.requiresGrad) return tensor.detach().requiresGrad_(needGraph);
    return tensor.layout === sparseCoo ? tensor.clone() : tensor.viewAs(tensor);
  });
}

export function finished(tensors: readonly Tensor[], createGraph: boolean): readonly Tensor[] {
  return createGraph ? tensors : tensors.map((tensor) => tensor.detach());
}

/** The vector of a product, shaped like `others`; null where one number alone needs none. */
export function vectorOf(
  v: OneOrMore | null | undefined,
  [isList, others]: Listed,
  caller: string,
  createGraph: boolean,
  ofWhat: string,
): Tensor[] | null {
  if (v === null || v === undefined) {
    if (others.length === 1 && others[0]?.numel() === 1) return null;
    throw new TorchError(`The vector v can only be None if ${ofWhat} a single Tensor with a single element.`);
  }
  const vectors = prepared(listed(v, 'v', caller)[1], createGraph, false);
  if (vectors.length !== others.length) {
    throw new TorchError(
      isList
        ? `v is a tuple of invalid length: should be ${others.length} but got ${vectors.length}.`
        : 'The given v should contain a single Tensor.',
    );
  }
  for (const [index, vector] of vectors.entries()) {
    const [got, wanted] = [sizeText(vector.shape), sizeText((others[index] as Tensor).shape)];
    if (got === wanted) continue;
    const entry = isList ? `Entry ${index} in ` : '';
    throw new TorchError(`${entry}v has invalid size: should be ${wanted} but got ${got}.`);
  }
  return vectors;
}

/** Gradients through those outputs that have a graph; null where there is none. */
export function gradients(
  outputs: readonly (Tensor | null)[],
  inputs: readonly Tensor[],
  vectors: readonly Tensor[] | null,
  options: { createGraph?: boolean; retainGraph?: boolean },
): (Tensor | null)[] {
  const roots: Tensor[] = [];
  const given: (Tensor | null)[] = [];
  for (const [index, output] of outputs.entries()) {
    if (!output?.requiresGrad) continue;
    roots.push(output);
    given.push(vectors?.[index] ?? null);
  }
  if (roots.length === 0) return inputs.map(() => null);
  return grad(roots, inputs, { gradOutputs: given, allowUnused: true, ...options });
}

const withoutGraph = {
  outputs: (i: number) =>
    `Output ${i} of the user-provided function does not require gradients. The outputs must be computed in a ` +
    'differentiable manner from the input when running in strict mode.',
  gradInputs: (i: number) =>
    `The gradient with respect to input ${i} is independent of the inputs of the user-provided function. This is ` +
    'not allowed in strict mode.',
  jacobian: (i: number) =>
    'While computing the hessian, found that the jacobian of the user-provided function with respect to input ' +
    `${i} is independent of the input. This is not allowed in strict mode. You should ensure that your function is ` +
    'twice differentiable and that the jacobian depends on the inputs (this would be violated by a linear function ' +
    'for example).',
  hessian: (i: number) =>
    `The hessian of the user-provided function with respect to input ${i} is independent of the input. This is not ` +
    'allowed in strict mode. You should ensure that your function is thrice differentiable and that the hessian ' +
    'depends on the inputs.',
};

export function requireGraph(
  tensors: readonly (Tensor | null)[],
  kind: keyof typeof withoutGraph,
  strict: boolean,
): void {
  if (!strict) return;
  for (const [i, tensor] of tensors.entries()) {
    if (tensor === null) throw new TorchError(independent.back(i));
    if (!tensor.requiresGrad) throw new TorchError(withoutGraph[kind](i));
  }
}

const independent = {
  back: (i: number) =>
    `The output of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
  backTrick: (i: number) =>
    `The gradient with respect to the input is independent of entry ${i} in the grad_outputs when using the double ` +
    'backward trick to compute forward mode gradients. This is not allowed in strict mode.',
  doubleBack: (i: number) =>
    `The jacobian of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
  doubleBackTrick: (i: number) =>
    `The hessian of the user-provided function is independent of entry ${i} in the grad_jacobian. This is not ` +
    'allowed in strict mode as it prevents from using the double backward trick to replace forward mode AD.',
};

/** Zeros where there is no gradient, or TorchError where `strict` forbids them. */
export function filled(
  grads: readonly (Tensor | null)[],
  like: readonly Tensor[],
  { strict = false, createGraph = false }: DerivativeOptions,
  stage: keyof typeof independent,
): Tensor[] {
  return grads.map((gradient, i) => {
    if (gradient === null) {
      if (strict) throw new TorchError(independent[stage](i));
      return aten.zerosLike(like[i] as Tensor);
    }
    if (!strict || !createGraph || gradient.requiresGrad) return gradient;
    const what = stage.startsWith('double') ? 'hessian' : 'jacobian';
    throw new TorchError(
      `The ${what} of the user-provided function is independent of input ${i}. This is not allowed in strict mode ` +
        'when create_graph=True.',
    );
  });
}
