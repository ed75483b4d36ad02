// torch.optim.swa_utils: averages of weights. It knows modules and schedulers, which do not know each other.

import '../tensor-python.js';

export { SWALR, type SWALROptions } from '../optim/lr-scheduler.js';
export { AveragedModel, type AveragedModelOptions } from './averaged-model.js';
export {
  type AvgFn,
  getEmaAvgFn,
  getEmaMultiAvgFn,
  getSwaAvgFn,
  getSwaMultiAvgFn,
  type MultiAvgFn,
} from './averaging.js';
export { updateBn } from './update-bn.js';
