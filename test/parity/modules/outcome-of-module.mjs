// What a module is, draws, computes and keeps, as texts: the other half of outcome_of_module.py.

import * as torch from 'libtorch-node';
import { attempt, root, tensorsIn, text } from '../opinfo/outcome.mjs';

const { nn } = torch;

function state(module) {
  const shown = (tensor) => (nn.isUninitialized?.(tensor) ? 'uninitialized' : text(tensor));
  const texts = (named) => Object.fromEntries([...named].map(([key, tensor]) => [key, shown(tensor)]));
  return {
    state: texts(module.stateDict({ keepVars: true })),
    parameters: module
      .namedParameters()
      .map(([name, { requiresGrad }]) => `${name} ${requiresGrad ? 'True' : 'False'}`),
    buffers: texts(module.namedBuffers()),
    generator: text(torch.getRngState()),
  };
}

/** Packed sequences are tuples in Python. */
function flat(value) {
  if (Array.isArray(value)) return value.map(flat);
  if (!value?.batchSizes) return value;
  return [value.data, value.batchSizes, value.sortedIndices, value.unsortedIndices];
}

export function outcomeOfModule(make, call, inputs, dtype, training) {
  torch.manualSeed(42);
  const made = attempt(make);
  if (made.error) return { construction: made.error, thrown: made.thrown };
  const module = made.value;
  const told = { text: String(module), made: state(module) };
  module.to(dtype).train(training);
  torch.manualSeed(43);
  const { value, error, thrown } = attempt(() => call(module));
  if (error) return { ...told, error, thrown };
  const result = flat(value);
  told.result = text(result);
  const roots = [...tensorsIn(result)].filter((tensor) => tensor.requiresGrad).map(root);
  const leaves = [...module.parameters(), ...inputs].filter(({ requiresGrad }) => requiresGrad);
  if (roots.length > 0 && leaves.length > 0) {
    const found = attempt(() => torch.autograd.grad(roots, leaves, { allowUnused: true }));
    told.gradients = found.error ? { error: found.error } : text(found.value);
  }
  return { ...told, afterwards: state(module), textAfterwards: String(module) };
}
