import { aliased } from '../../aliased.js';
import { asTensor, type TensorData, type TensorOptions } from '../../creation.js';
import { Tensor } from '../../tensor.js';

/**
 * A segmentation mask [..., H, W] that moves with the image of its sample (torchvision.tv_tensors.Mask). Shares memory
 * with a tensor; what operators make of it is a plain Tensor.
 */
export class Mask extends Tensor {
  declare protected readonly nominal: 'mask';

  constructor(data: TensorData, options: Pick<TensorOptions, 'dtype' | 'device'> = {}) {
    super(...aliased(asTensor(data, options)));
  }
}
