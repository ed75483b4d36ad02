// torch.amp: mixed precision.

import '../tensor-python.js';

export {
  type AutocastOptions,
  autocast,
  getAutocastDtype,
  isAutocastCacheEnabled,
  isAutocastEnabled,
} from './autocast.js';
export { GradScaler, type GradScalerOptions, type Scalable } from './grad-scaler.js';
