// torch.autograd.function.

export { AutogradFunction as Function, FunctionContext as FunctionCtx } from './custom-function.js';
export { onceDifferentiable } from './once-differentiable.js';
