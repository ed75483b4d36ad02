// The other ways to call an entry, as forms.py has them: a method, in place, and with tensors for the results.

import * as torch from 'libtorch-node';
import { camel, spread } from './counterpart.mjs';

const method = (copied) => (form) => {
  const key = camel(form.name);
  if (!(key in torch.Tensor.prototype)) return undefined;
  const [self, ...rest] = form.args;
  return () => (copied ? self.clone() : self)[key](...spread(rest, form.kwargs));
};

const permuted = ({ shape, dtype }) =>
  torch.zeros(shape.toReversed(), { dtype }).permute(shape.map((_, i) => i).reverse());
const unsized = ({ dtype }) => torch.zeros([0], { dtype });

const into = (make) => (form, call) => () =>
  torch.noGrad(() => {
    const results = call(form.args, form.kwargs);
    const out = torch.isTensor(results) ? make(results) : results.map(make);
    torch.manualSeed(42);
    return call(form.args, { ...form.kwargs, out });
  });

/** What makes the call of each form, from the form and the function form; undefined where nothing here has its name. */
const calls = {
  method: method(false),
  'in place': method(true),
  out: into(permuted),
  'unsized out': into(unsized),
};

/** The form's call, or undefined. */
export function callOf(name, form, call) {
  return calls[name](form, call);
}
