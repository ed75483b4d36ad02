// torch.nn.utils.stateless.

import { deprecated } from './deprecated.js';
import { functionalCall as call } from './func.js';

export const functionalCall = deprecated(
  call,
  '`torch.nn.utils.stateless.functional_call` is deprecated as of PyTorch 2.0 and will be removed in a future version ' +
    'of PyTorch. Please use `torch.func.functional_call` instead which is a drop-in replacement.',
) as typeof call;
