import { TorchError } from '../errors.js';

/** The gradients of a function are wrong (torch.autograd.gradcheck.GradcheckError). */
export class GradcheckError extends TorchError {
  override name = 'GradcheckError';
}
