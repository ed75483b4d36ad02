// torch.amp: mixed precision.

import '../tensor-python.js';

export {
  type AutocastOptions,
  autocast,
  getAutocastDtype,
  isAutocastAvailable,
  isAutocastCacheEnabled,
  isAutocastEnabled,
} from './autocast.js';
export { type CustomFwdOptions, customBwd, customFwd } from './custom-function.js';
export { GradScaler, type GradScalerOptions, type Scalable } from './grad-scaler.js';
