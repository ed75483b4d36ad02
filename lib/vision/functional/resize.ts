import { type DType, float32, float64, int8, int16, int32, int64, uint8 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { scope } from '../../memory.js';
import { channelsLast } from '../../memory-format.js';
import { aten } from '../../operators/ops.js';
import { requireNames } from '../../options.js';
import type { Tensor } from '../../tensor.js';
import { resizeBoxes } from '../boxes/move.js';
import { hasNativeUint8Resize } from './cpu-features.js';
import { imageSize } from './image-size.js';
import { onKind } from './on-kind.js';
import { type ResizeSize, resizedSize } from './resized-size.js';

export type Interpolation = 'nearest' | 'nearest-exact' | 'bilinear' | 'bicubic' | 'lanczos';

export interface ResizeOptions {
  /** Default 'bilinear'. */
  interpolation?: Interpolation;
  /** Bound of the longer side, in pixels; only where `size` is one number or null. */
  maxSize?: number | null;
  /** Average over the source pixels when shrinking. Default true; the nearest modes have none. */
  antialias?: boolean;
}

type Kernel = (image: Tensor, size: [number, number], antialias: boolean) => Tensor;

const KERNELS: Record<Interpolation, Kernel> = {
  nearest: (image, size) => aten.upsampleNearest2d(image, size),
  'nearest-exact': (image, size) => aten._upsampleNearestExact2d(image, size),
  bilinear: (image, size, antialias) =>
    antialias ? aten._upsampleBilinear2dAa(image, size, false) : aten.upsampleBilinear2d(image, size, false),
  bicubic: (image, size, antialias) =>
    antialias ? aten._upsampleBicubic2dAa(image, size, false) : aten.upsampleBicubic2d(image, size, false),
  lanczos: (image, size) => aten._upsampleLanczos2dAa(image, size, false),
};

/**
 * Resizes the last two dimensions of an image [..., C, H, W]; bit for bit torchvision.transforms.v2.functional.resize
 * on tensors, uint8 in integer arithmetic included (its older v1 rounds a tenth of the values differently).
 *
 * @throws ValueError on a size or interpolation that makes no sense
 */
export function resize<T extends Tensor>(image: T, size: ResizeSize, options: ResizeOptions = {}): T {
  requireNames(resize, options, { interpolation: true, maxSize: true, antialias: true });
  const { interpolation = 'bilinear', maxSize = null, antialias = true } = options;
  if (KERNELS[interpolation] === undefined) {
    throw new ValueError(
      `Invalid interpolation mode: '${interpolation}'. Supported values are: ${Object.keys(KERNELS).join(', ')}.`,
    );
  }
  if (interpolation === 'lanczos' && !antialias) {
    throw new ValueError("interpolation 'lanczos' requires antialias: true");
  }
  const isNearest = interpolation === 'nearest' || interpolation === 'nearest-exact';
  return scope(() =>
    onKind(image, {
      image: (pixels) => resizePixels(pixels, size, { interpolation, maxSize, antialias }),
      mask: (mask) => {
        const nearest = isNearest ? interpolation : 'nearest';
        return resizePixels(mask, size, { interpolation: nearest, maxSize, antialias });
      },
      boxes: (boxes) => resizeBoxes(boxes, size, maxSize),
    }),
  );
}

function resizePixels(
  image: Tensor,
  size: ResizeSize,
  { interpolation, maxSize, antialias }: Required<ResizeOptions>,
): Tensor {
  const [channels, height, width] = imageSize(image);
  const target = resizedSize([height, width], size, maxSize);
  if (target[0] === height && target[1] === width) return image;
  const batch = image.reshape([-1, channels, height, width]);
  const resized = batch.numel() > 0 ? resizeBatch(batch, interpolation, target, antialias) : batch;
  return resized.reshape([...image.shape.slice(0, -3), channels, ...target]);
}

function resizeBatch(
  batch: Tensor,
  interpolation: Interpolation,
  target: [number, number],
  antialias: boolean,
): Tensor {
  const { dtype } = batch;
  const kernel = KERNELS[interpolation];
  const input = markChannelsLast(batch);
  if (hasKernel(batch, interpolation)) return kernel(input, target, antialias);
  const resized = kernel(input.to(float32), target, antialias);
  // These overshoot; only devices without the uint8 kernel come here.
  if (OVERSHOOTING.includes(interpolation) && dtype === uint8) resized.clamp_(0, 255);
  return (INTEGERS.includes(dtype) ? resized.round_() : resized).to(dtype);
}

const OVERSHOOTING: readonly Interpolation[] = ['bicubic', 'lanczos'];
const INTEGERS: readonly DType[] = [uint8, int8, int16, int32, int64];

// Whether the kernel takes the dtype as it is; if not, torchvision computes in float32.
function hasKernel(batch: Tensor, interpolation: Interpolation): boolean {
  if (batch.dtype === float32 || batch.dtype === float64) return true;
  if (batch.dtype !== uint8) return false;
  if (interpolation === 'nearest' || interpolation === 'nearest-exact') return true;
  if (batch.device.type !== 'cpu') return false;
  return OVERSHOOTING.includes(interpolation) || hasNativeUint8Resize();
}

// A batch of one image does not look channels-last to libtorch, whatever its stride of dimension 0 says; torchvision
// sets that stride so that the result keeps the layout (pytorch issue 68430).
function markChannelsLast(batch: Tensor): Tensor {
  const numel = batch.numel();
  const stride = batch.stride();
  const unmarked = batch.size(0) === 1 && stride[0] !== numel && batch.isContiguous(channelsLast);
  return unmarked ? batch.asStrided(batch.shape, [numel, ...stride.slice(1)]) : batch;
}
