// Whole Jacobians and Hessians, a row by a backward pass (torch/autograd/functional.py, its default path).

import { TorchError } from '../errors.js';
import { aten } from '../operators/ops.js';
import { requireNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { enableGrad } from './backward.js';
import {
  type DerivativeOptions,
  derivativeNames,
  finished,
  gradients,
  type Listed,
  listed,
  type OneOrMore,
  prepared,
  requireGraph,
  unlisted,
} from './derivatives.js';
import { single } from './products.js';

type Func = (...inputs: Tensor[]) => OneOrMore;

/** For a list of outputs a list, for a list of inputs lists of those. */
export type Jacobian = Tensor | readonly Tensor[] | readonly (readonly Tensor[])[];

/** One output's rows against every input: [output's sizes, input's sizes] each. */
function rowsOf(
  output: Tensor,
  index: number,
  inputs: readonly Tensor[],
  { createGraph = false, strict = false }: DerivativeOptions,
): Tensor[] {
  const rows: Tensor[][] = inputs.map(() => []);
  for (let j = 0; j < output.numel(); j += 1) {
    const element = output.reshape([-1]).select(0, j);
    const found = gradients([element], inputs, null, { createGraph, retainGraph: true });
    for (const [at, row] of found.entries()) {
      if (!row && strict) {
        throw new TorchError(
          `Output ${index} of the user-provided function is independent of input ${at}. This is not allowed in ` +
            'strict mode.',
        );
      }
      if (row && strict && createGraph && !row.requiresGrad) {
        throw new TorchError(
          `The jacobian of the user-provided function is independent of input ${index}. This is not allowed in ` +
            'strict mode when create_graph=True.',
        );
      }
      rows[at]?.push(row ?? aten.zerosLike(inputs[at] as Tensor));
    }
  }
  return rows.map((list, at) => aten.stack(list, 0).view([...output.shape, ...(inputs[at] as Tensor).shape]));
}

function jacobianOf(
  func: Func,
  given: readonly Tensor[],
  options: DerivativeOptions,
): [isList: boolean, jacobian: (readonly Tensor[])[]] {
  const { createGraph = false, strict = false } = options;
  return enableGrad(() => {
    const leaves = prepared(given, createGraph, true);
    const outputs: Listed = listed(func(...leaves), 'outputs of the user-provided function', 'jacobian');
    requireGraph(outputs[1], 'outputs', strict);
    const rows = outputs[1].map((output, i) => finished(rowsOf(output, i, leaves, options), createGraph));
    return [outputs[0], rows];
  });
}

/** The Jacobian of a function: [output's sizes, input's sizes] for each output and input. */
export function jacobian(func: Func, inputs: OneOrMore, options: DerivativeOptions = {}): Jacobian {
  requireNames(jacobian, options, derivativeNames);
  const [isInputList, given] = listed(inputs, 'inputs', 'jacobian');
  const [isOutputList, rows] = jacobianOf(func, given, options);
  const shaped = rows.map((row) => unlisted(isInputList, row));
  return unlisted(isOutputList, shaped) as Jacobian;
}

/** The Hessian of a function that gives one number: for a list of inputs a list of lists. */
export function hessian(func: Func, inputs: OneOrMore, options: DerivativeOptions = {}): Jacobian {
  requireNames(hessian, options, derivativeNames);
  const { strict = false } = options;
  const [isList, given] = listed(inputs, 'inputs', 'hessian');
  const first = (...leaves: Tensor[]): readonly Tensor[] => {
    const one = (...tensors: Tensor[]) => single(func, tensors, 'hessian', strict).squeeze();
    const [, [gradient]] = jacobianOf(one, leaves, { createGraph: true });
    requireGraph(gradient as readonly Tensor[], 'jacobian', strict);
    return gradient as readonly Tensor[];
  };
  const [, rows] = jacobianOf(first, given, options);
  return unlisted(
    isList,
    rows.map((row) => unlisted(isList, row)),
  ) as Jacobian;
}
