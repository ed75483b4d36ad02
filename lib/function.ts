// torch.autograd.function.

export { AutogradFunction as Function, FunctionContext as FunctionCtx } from './autograd-function.js';
export { onceDifferentiable } from './once-differentiable.js';
