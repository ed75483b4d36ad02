import type { DeviceLike } from '../device.js';
import type { DType } from '../dtype.js';

/** Where and as what a layer makes its parameters; PyTorch's `device` and `dtype` keywords of every layer. */
export interface FactoryOptions {
  device?: DeviceLike | null;
  dtype?: DType | null;
}
