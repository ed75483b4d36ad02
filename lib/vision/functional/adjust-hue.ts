import { tensor } from '../../creation.js';
import { float32, int32, int64 } from '../../dtype.js';
import { ValueError } from '../../errors.js';
import { slice } from '../../indexing.js';
import { scope } from '../../memory.js';
import { aten } from '../../operators/ops.js';
import type { Tensor } from '../../tensor.js';
import { greyOrRgb } from './grey-or-rgb.js';
import { toDtype } from './to-dtype.js';

/**
 * Turns the colours of an image [..., 1 or 3, H, W] around the circle of hues, 0.5 being half of it; a grey image is
 * given back (torchvision.transforms.v2.functional.adjust_hue).
 *
 * @throws ValueError on a factor outside of [-0.5, 0.5]
 */
export function adjustHue(image: Tensor, hueFactor: number): Tensor {
  if (!(hueFactor >= -0.5 && hueFactor <= 0.5)) {
    throw new ValueError(`hue_factor (${hueFactor}) is not in [-0.5, 0.5].`);
  }
  if (greyOrRgb(image) === 1 || image.numel() === 0) return image;
  return scope(() => {
    const [hue, saturation, value] = rgbToHsv(toDtype(image, float32, { scale: true }));
    const turned = hue.add(hueFactor).remainder_(1);
    return toDtype(hsvToRgb([turned, saturation, value]), image.dtype, { scale: true });
  });
}

type Hsv = [hue: Tensor, saturation: Tensor, value: Tensor];

// Where all channels are equal the divisors are 1, so that nothing is divided by 0 and the hue is 0.
function rgbToHsv(image: Tensor): Hsv {
  const [red, green] = image.unbind(-3) as [Tensor, Tensor, Tensor];
  const [least, most] = aten.aminmax(image, { dim: -3 });
  const isGrey = most.eq(least);
  const range = most.sub(least);
  const ones = aten.onesLike(most);
  const saturation = range.div(aten.where(isGrey, ones, most));
  const divisor = aten.where(isGrey, ones, range).unsqueeze_(-3);
  const [restRed, restGreen, restBlue] = most.unsqueeze(-3).sub(image).div(divisor).unbind(-3) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const notRed = most.ne(red);
  const isGreen = most.eq(green);
  const fromGreen = restRed.add(2).sub_(restBlue).mul_(isGreen.bitwiseAnd(notRed));
  const fromRed = restBlue.sub_(restGreen).mul_(notRed.bitwiseNot());
  const fromBlue = restGreen.add(4).sub_(restRed).mul_(notRed.logicalAnd_(isGreen.logicalNot_()));
  const hue = fromRed.add_(fromGreen).add_(fromBlue);
  return [
    hue
      .mul_(1 / 6)
      .add_(1)
      .fmod_(1),
    saturation,
    most,
  ];
}

// Which of value, p, q and t is red, green and blue in each sixth of the circle.
const SIXTHS = [
  [0, 2, 1, 1, 3, 0],
  [3, 0, 0, 2, 1, 1],
  [1, 1, 3, 0, 0, 2],
];

function hsvToRgb([hue, saturation, value]: Hsv): Tensor {
  const sixths = hue.mul(6);
  const whole = aten.floor(sixths);
  const fraction = sixths.sub_(whole);
  const sixth = whole.to(int32);
  const part = saturation.mul(fraction);
  const grey = aten.rsub(saturation, 1);
  const q = aten.rsub(part, 1).mul_(value).clamp_(0, 1);
  const t = part.add_(grey).mul_(value).clamp_(0, 1);
  const p = grey.mul_(value).clamp_(0, 1);
  sixth.remainder_(6);
  const candidates = aten.stack([value, p, q, t], -3);
  const table = tensor(SIXTHS, { dtype: int64 }).to(hue.device);
  const chosen = table.index(slice(null), sixth);
  return candidates.gather(-3, chosen.dim() > 3 ? chosen.moveaxis(0, -3) : chosen);
}
