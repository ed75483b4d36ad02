import { ValueError } from '../../errors.js';
import { tupleText } from '../../python-text.js';
import type { Tensor } from '../../tensor.js';
import { imageSize } from '../functional/image-size.js';
import { ValueTransform } from './transform.js';

/**
 * Subtracts `meanVector` [D] from each flattened image, multiplies it by `transformationMatrix` [D, D], and gives it
 * its shape back, for D = C * H * W: whitening, for one.
 */
export class LinearTransformation extends ValueTransform {
  /** @throws ValueError unless matrix and vector fit each other in size, dtype and device */
  constructor(
    readonly transformationMatrix: Tensor,
    readonly meanVector: Tensor,
  ) {
    super();
    const [rows, columns] = transformationMatrix.shape;
    if (rows !== columns) {
      throw new ValueError(
        `transformation_matrix should be square. Got ${tupleText(transformationMatrix.shape)} rectangular matrix.`,
      );
    }
    if (meanVector.size(0) !== rows) {
      throw new ValueError(
        `mean_vector should have the same length ${meanVector.size(0)} as any one of the dimensions of the ` +
          `transformation_matrix [${tupleText(transformationMatrix.shape)}]`,
      );
    }
    if (`${transformationMatrix.device}` !== `${meanVector.device}`) {
      throw new ValueError(
        `Input tensors should be on the same device. Got ${transformationMatrix.device} and ${meanVector.device}`,
      );
    }
    if (transformationMatrix.dtype !== meanVector.dtype) {
      throw new ValueError(
        `Input tensors should have the same dtype. Got torch.${transformationMatrix.dtype.name} and ` +
          `torch.${meanVector.dtype.name}`,
      );
    }
    transformationMatrix.keep();
    meanVector.keep();
  }

  /** @throws ValueError on an image of another size or on another kind of device */
  override transform(image: Tensor): Tensor {
    const size = imageSize(image);
    const count = size[0] * size[1] * size[2];
    if (count !== this.meanVector.size(0)) {
      throw new ValueError(
        `Input tensor and transformation matrix have incompatible shape.[${size.join(' x ')}] != ` +
          `${this.meanVector.size(0)}`,
      );
    }
    if (image.device.type !== this.meanVector.device.type) {
      throw new ValueError(
        'Input tensor should be on the same device as transformation matrix and mean vector. ' +
          `Got ${image.device} vs ${this.meanVector.device}`,
      );
    }
    const centered = image.reshape([-1, count]).sub(this.meanVector);
    return centered.mm(this.transformationMatrix.to(centered.dtype)).reshape(image.shape);
  }
}
