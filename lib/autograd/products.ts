// Products of vectors with Jacobians and Hessians, by PyTorch's own passes (torch/autograd/functional.py).

import { TorchError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import { isTensor, type Tensor } from '../tensor.js';
import { enableGrad, isGradEnabled, noGrad } from './backward.js';
import {
  type DerivativeOptions,
  derivativeNames,
  filled,
  finished,
  gradients,
  type Listed,
  listed,
  type OneOrMore,
  prepared,
  requireGraph,
  unlisted,
  vectorOf,
} from './derivatives.js';

/** The function's outputs, and the product, each as the function or its inputs had them: one alone, or a list. */
export type Product = [outputs: OneOrMore, product: OneOrMore];

type Func = (...inputs: Tensor[]) => OneOrMore;
type Vector = OneOrMore | null;

const leaf = (tensor: Tensor) => aten.zerosLike(tensor).requiresGrad_();

function called(func: Func, inputs: readonly Tensor[], caller: string, strict: boolean): Listed {
  const outputs = listed(func(...inputs), 'outputs of the user-provided function', caller);
  requireGraph(outputs[1], 'outputs', strict);
  return outputs;
}

/** Runs with a graph if the result is to have one, else in the caller's mode. */
function inResultMode<T>(createGraph: boolean, outer: boolean, body: () => T): T {
  return createGraph || outer ? enableGrad(body) : noGrad(body);
}

/** [func(...inputs), vᵀ · J]: v is shaped like the outputs, and not needed for one number. */
export function vjp(func: Func, inputs: OneOrMore, v?: Vector, options: DerivativeOptions = {}): Product {
  requireNames(vjp, options, derivativeNames);
  const { createGraph = false, strict = false } = options;
  const outer = isGradEnabled();
  const [isList, given] = listed(inputs, 'inputs', 'vjp');
  return enableGrad(() => {
    const leaves = prepared(given, createGraph, true);
    const outputs = called(func, leaves, 'vjp', strict);
    const vector = vectorOf(v, outputs, 'vjp', createGraph, 'the user-provided function returns');
    const product = inResultMode(createGraph, outer, () =>
      filled(gradients(outputs[1], leaves, vector, { createGraph }), leaves, options, 'back'),
    );
    return [
      unlisted(outputs[0], finished(outputs[1], createGraph)),
      unlisted(isList, finished(product, createGraph)),
    ];
  });
}

const ofInput = 'the input to the user-provided function is';

/** [func(...inputs), J · v], by differentiating twice: v is shaped like the inputs, and not needed for one number. */
export function jvp(func: Func, inputs: OneOrMore, v?: Vector, options: DerivativeOptions = {}): Product {
  requireNames(jvp, options, derivativeNames);
  const { createGraph = false, strict = false } = options;
  const outer = isGradEnabled();
  const [isList, given] = listed(inputs, 'inputs', 'jvp');
  return enableGrad(() => {
    const leaves = prepared(given, createGraph, true);
    const vector = vectorOf(v, [isList, leaves], 'jvp', createGraph, ofInput);
    const outputs = called(func, leaves, 'jvp', strict);
    const dual = outputs[1].map(leaf);
    const first = gradients(outputs[1], leaves, dual, { createGraph: true });
    requireGraph(first, 'gradInputs', strict);
    const product = inResultMode(createGraph, outer, () =>
      filled(gradients(first, dual, vector, { createGraph }), outputs[1], options, 'backTrick'),
    );
    return [
      unlisted(outputs[0], finished(outputs[1], createGraph)),
      unlisted(outputs[0], finished(product, createGraph)),
    ];
  });
}

/** The one number that a function with a Hessian gives. */
export function single(func: Func, inputs: readonly Tensor[], caller: string, strict: boolean): Tensor {
  const [isList, [output]] = called(func, inputs, caller, strict);
  if (isList || !isTensor(output)) {
    throw new TorchError(`The function given to ${caller} should return a single Tensor`);
  }
  if (output.numel() !== 1) {
    throw new TorchError(
      `The Tensor returned by the function given to ${caller} should contain a single element`,
    );
  }
  return output;
}

type Gradients = (Tensor | null)[];

/** The number that the function gives, and what `multiply` makes of its gradients, which can be differentiated. */
function hessianProduct(
  caller: string,
  func: Func,
  inputs: OneOrMore,
  v: Vector | undefined,
  { createGraph = false, strict = false }: DerivativeOptions,
  multiply: (jacobian: Gradients, leaves: Tensor[], vector: Tensor[] | null, outer: boolean) => Tensor[],
): Product {
  const outer = isGradEnabled();
  const [isList, given] = listed(inputs, 'inputs', caller);
  return enableGrad(() => {
    const leaves = prepared(given, createGraph, true);
    const vector = vectorOf(v, [isList, leaves], caller, createGraph, ofInput);
    const output = single(func, leaves, caller, strict);
    const jacobian = gradients([output], leaves, null, { createGraph: true });
    requireGraph(jacobian, 'jacobian', strict);
    const product = multiply(jacobian, leaves, vector, outer);
    return [
      unlisted(false, finished([output], createGraph)),
      unlisted(isList, finished(product, createGraph)),
    ];
  });
}

/** [func(...inputs), vᵀ · H] of a function that gives one number. */
export function vhp(func: Func, inputs: OneOrMore, v?: Vector, options: DerivativeOptions = {}): Product {
  requireNames(vhp, options, derivativeNames);
  const { createGraph = false } = options;
  return hessianProduct('vhp', func, inputs, v, options, (jacobian, leaves, vector, outer) =>
    inResultMode(createGraph, outer, () =>
      filled(gradients(jacobian, leaves, vector, { createGraph }), leaves, options, 'doubleBack'),
    ),
  );
}

/** [func(...inputs), H · v] of a function that gives one number; vhp is faster, and the same for a smooth one. */
export function hvp(func: Func, inputs: OneOrMore, v?: Vector, options: DerivativeOptions = {}): Product {
  requireNames(hvp, options, derivativeNames);
  const { createGraph = false, strict = false } = options;
  return hessianProduct('hvp', func, inputs, v, options, (jacobian, leaves, vector, outer) => {
    const dual = leaves.map(leaf);
    const double = gradients(jacobian, leaves, dual, { createGraph: true });
    requireGraph(jacobian, 'hessian', strict);
    return inResultMode(createGraph, outer, () =>
      filled(gradients(double, dual, vector, { createGraph }), leaves, options, 'doubleBackTrick'),
    );
  });
}
