// torch.autograd.functional. Its `vectorize` and forward mode, which change the time and not the results, are not here.

export type { DerivativeOptions, OneOrMore } from './derivatives.js';
export { hessian, type Jacobian, jacobian } from './jacobian.js';
export { hvp, jvp, type Product, vhp, vjp } from './products.js';
