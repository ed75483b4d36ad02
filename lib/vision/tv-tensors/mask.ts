import { aliased } from '../../aliased.js';
import { asTensor, type TensorData, type TensorOptions } from '../../creation.js';
import { requireNames } from '../../options.js';
import { Tensor } from '../../tensor.js';

/**
 * A segmentation mask [..., H, W] that moves with the image of its sample (torchvision.tv_tensors.Mask). Shares memory
 * with a tensor; what operators make of it is a plain Tensor.
 */
export class Mask extends Tensor {
  declare protected readonly nominal: 'mask';

  constructor(data: TensorData, options: Pick<TensorOptions, 'dtype' | 'device'> = {}) {
    requireNames(new.target, options, { dtype: true, device: true });
    super(...aliased(asTensor(data, options)));
  }
}
