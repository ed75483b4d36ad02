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

/** A named tuple of Python is a plain object here. */
const listed = (value) => (value?.constructor === Object ? Object.values(value) : value);

export function outcomeOfModule(make, call, inputs, place, training) {
  torch.manualSeed(42);
  const made = attempt(make);
  if (made.error) return { construction: made.error, thrown: made.thrown };
  const module = made.value;
  const told = { text: String(module), made: state(module) };
  module.to(place).train(training);
  torch.manualSeed(43);
  const { value: given, error, thrown } = attempt(() => call(module));
  if (error) return { ...told, error, thrown };
  const value = listed(given);
  told.result = text(value);
  const roots = [...tensorsIn(value)].filter((tensor) => tensor.requiresGrad).map(root);
  const leaves = [...module.parameters(), ...inputs].filter(({ requiresGrad }) => requiresGrad);
  if (roots.length > 0 && leaves.length > 0) {
    const found = attempt(() => torch.autograd.grad(roots, leaves, { allowUnused: true }));
    told.gradients = found.error ? { error: found.error } : text(found.value);
  }
  module.eval();
  const evaluated = attempt(() => torch.noGrad(() => call(module)));
  told.evaluated = evaluated.error ? { error: evaluated.error } : text(listed(evaluated.value));
  return { ...told, afterwards: state(module), textAfterwards: String(module) };
}
