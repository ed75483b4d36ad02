import { aliased } from '../../aliased.js';
import { asTensor, type TensorData, type TensorOptions } from '../../creation.js';
import { ValueError } from '../../errors.js';
import { type Names, requireNames } from '../../options.js';
import { Tensor } from '../../tensor.js';

const FORMATS = ['XYXY', 'XYWH', 'CXCYWH'] as const;
const CLAMPING_MODES = ['soft', 'hard', null] as const;

/** Two corners; a corner, width and height; or the middle, width and height. */
export type BoundingBoxFormat = (typeof FORMATS)[number];

/** Whether boxes are cut at the border of the image after a transform; 'soft' and 'hard' are alike, null is no. */
export type ClampingMode = (typeof CLAMPING_MODES)[number];

export interface BoundingBoxesOptions {
  format: BoundingBoxFormat;
  /** `[height, width]` of the image. */
  canvasSize: readonly [height: number, width: number];
  /** Default 'soft'. */
  clampingMode?: ClampingMode;
}

const boxesNames: Names<BoundingBoxesOptions> = { format: true, canvasSize: true, clampingMode: true };

/**
 * Boxes [N, 4] around objects, in pixels, that move with the image of their sample (torchvision.tv_tensors.BoundingBoxes;
 * its rotated formats are not known here). Shares memory with a tensor; what operators make of it is a plain Tensor.
 */
export class BoundingBoxes extends Tensor {
  readonly format: BoundingBoxFormat;
  readonly canvasSize: readonly [height: number, width: number];
  readonly clampingMode: ClampingMode;

  /**
   * @param given [N, 4], or [4] for one box
   * @throws ValueError on another shape, format or clamping mode
   */
  constructor(given: TensorData, options: BoundingBoxesOptions & Pick<TensorOptions, 'dtype' | 'device'>) {
    requireNames(new.target, options, { ...boxesNames, dtype: true, device: true });
    const { format, canvasSize, clampingMode = 'soft' } = options;
    const data = asTensor(given, { dtype: options.dtype, device: options.device });
    if (data.dim() !== 1 && data.dim() !== 2) {
      throw new ValueError(`Expected a 1D or 2D tensor, got ${data.dim()}D`);
    }
    if (data.size(-1) !== 4) {
      throw new ValueError(`a box has 4 numbers, but the last dimension of the tensor is ${data.size(-1)}`);
    }
    super(...aliased(data.dim() === 1 ? data.unsqueeze(0) : data));
    this.format = checkFormat(format);
    this.canvasSize = canvasSize;
    this.clampingMode = checkClampingMode(clampingMode);
  }

  /** Other numbers, in the same format and on the same canvas unless said otherwise (torchvision's `wrap`). */
  like(data: Tensor, changes: Partial<BoundingBoxesOptions> = {}): BoundingBoxes {
    requireNames(this.like, changes, boxesNames);
    const { format, canvasSize, clampingMode } = this;
    return new BoundingBoxes(data, { format, canvasSize, clampingMode, ...changes });
  }
}

/** @throws ValueError on an unknown format */
export function checkFormat(format: BoundingBoxFormat): BoundingBoxFormat {
  if (FORMATS.includes(format)) return format;
  throw new ValueError(`unknown format '${format}' of boxes: use one of ${FORMATS.join(', ')}`);
}

/** @throws ValueError on an unknown mode */
export function checkClampingMode(mode: ClampingMode): ClampingMode {
  if (CLAMPING_MODES.includes(mode)) return mode;
  throw new ValueError(`clamping_mode must be None, hard or soft, got ${mode}.`);
}
