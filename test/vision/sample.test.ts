import * as torch from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const { vision } = torch;
const image = () => torch.arange(12).view([1, 3, 4]);
const flip = new vision.RandomHorizontalFlip({ p: 1 });
const flipped = [
  [
    [3, 2, 1, 0],
    [7, 6, 5, 4],
    [11, 10, 9, 8],
  ],
];

describe('what a transform is given', () => {
  it('changes the first tensor of a sample, and no other', () => {
    const label = torch.tensor([1, 2]);
    const [first, second, word] = flip.forward(image(), label, 'word');
    expect(first.tolist()).toEqual(flipped);
    expect(second).toBe(label);
    expect(word).toBe('word');
    const part = { image: image(), mask: label };
    const { name, parts } = flip.forward({ name: 'a', parts: [5, [part]] as [number, (typeof part)[]] });
    expect([name, parts[0]]).toEqual(['a', 5]);
    expect(parts[1][0]?.image.tolist()).toEqual(flipped);
    expect(parts[1][0]?.mask).toBe(label);
    expect(part.image.tolist()).toEqual(image().tolist());
    const mapped = flip.forward(new Map([['x', image()]]));
    expect(mapped.get('x')?.tolist()).toEqual(flipped);
  });

  it('refuses a sample without an image', () => {
    expect(() => flip.forward(['a', { b: 1 }])).toThrow(
      new TypeError('No image, video, mask or bounding box was found in the sample'),
    );
    expect(() => new vision.RandomCrop(2).forward(torch.zeros([4, 4]))).toThrow(
      /Expected tensor to be a tensor image/,
    );
  });

  it('takes functions among transforms, and is a module', () => {
    const both = new vision.Compose([(given) => given.add(1), flip]);
    expect(both.forward(image()).select(1, 0).tolist()).toEqual([[4, 3, 2, 1]]);
    expect(new torch.nn.Sequential(flip, flip).forward(image()).tolist()).toEqual(image().tolist());
  });

  it('is a class to inherit from', () => {
    class Shift extends vision.Transform<number> {
      override makeParams(given: torch.Tensor): number {
        return given.size(-1);
      }
      override transform(given: torch.Tensor, by: number): torch.Tensor {
        return given.add(by);
      }
    }
    expect(new Shift().forward(image()).sum().item()).toBe(66 + 12 * 4);
  });

  it('frees what it made on the way', () => {
    const kept = torch.rand([3, 40, 50]);
    const before = torch.liveTensors();
    const made = new vision.RandAugment({ numOps: 4 }).forward(
      vision.toDtype(kept, torch.uint8, { scale: true }),
    );
    made.dispose();
    expect(torch.liveTensors() - before).toBeLessThanOrEqual(1);
  });
});

it.each([
  [() => new vision.RandomHorizontalFlip({ p: 1.5 }), /in the interval \[0.0, 1.0\], got 1.5/],
  [() => new vision.Compose([]), /Pass at least one transform/],
  [() => new vision.RandomChoice([flip], { p: [1, 2] }), /Length of p doesn't match .*: 2 != 1/],
  [() => new vision.RandomCrop([1, 2, 3]), /two dimensions \(h, w\) for size. Got \[1,2,3\]/],
  [
    () => new vision.RandomCrop(9).forward(image()),
    /Required crop size \(9, 9\) is larger than input image size \(3, 4\)/,
  ],
  [
    () => new vision.RandomCrop(9, { padding: 1 }).forward(image()),
    /Required crop size \(9, 9\) is larger than padded input image size \(5, 6\)/,
  ],
  [
    () => new vision.Pad([1, 2, 3]),
    /Padding must be an int or a 1, 2, or 4 element of tuple or list, got \[1, 2, 3\]/,
  ],
  [
    () => vision.pad(image(), 1, { paddingMode: 'mirror' as 'edge' }),
    /`paddingMode` should be .* but got `'mirror'`/,
  ],
  [
    () => vision.pad(image(), 1, { paddingMode: 'edge', fill: [1, 2] }),
    /Padding mode 'edge' is not supported/,
  ],
  [
    () => new vision.ColorJitter({ hue: 0.6 }),
    /hue values should be between \(-0.5, 0.5\).* got \[-0.6, 0.6\]/,
  ],
  [
    () => new vision.ColorJitter({ brightness: -1 }),
    /If brightness is a single number, it must be non negative/,
  ],
  [() => new vision.RandomErasing({ scale: [0, 2] }), /Scale should be between 0 and 1/],
  [
    () => new vision.RandomErasing({ p: 1, value: [1, 2] }).forward(image()),
    /either a single value or 1 \(number/,
  ],
  [() => new vision.RandomRotation(-1), /If degrees is a single number, it must be positive/],
  [() => new vision.RandomAffine(0, { translate: [2, 0] }), /translation values should be between 0 and 1/],
  [() => new vision.RandomAffine(0, { shear: [1, 2, 3] }), /shear should be a sequence of length 2 or 4/],
  [
    () => new vision.RandomPerspective({ distortionScale: 2 }),
    /distortion_scale value should be between 0 and 1/,
  ],
  [() => new vision.GaussianBlur(4), /odd and positive number, got \(4, 4\)/],
  [() => new vision.GaussianBlur(3, { sigma: [2, 1] }), /of the form \(min, max\). Got \(2, 1\)/],
  [() => vision.rotate(image(), 5, { fill: [1, 2, 3] }), /'fill' cannot broadcast .* \(3 != 1\)/],
  [
    () => vision.rotate(image(), 5, { interpolation: 'bicubic' as 'nearest' }),
    /'bicubic' is unsupported with Tensor/,
  ],
  [() => vision.affine(image(), 0, [0, 0], 0, 0), /Argument scale should be positive/],
  [
    () => vision.perspective(image(), [[0, 0]], [[0, 0]]),
    /exactly four corners, got 1 startpoints and 1 endpoints/,
  ],
  [() => vision.adjustHue(image(), 0.7), /hue_factor \(0.7\) is not in \[-0.5, 0.5\]/],
  [() => vision.adjustBrightness(torch.zeros([2, 3, 3]), 1), /channel values are 1 or 3, but found 2/],
  [() => vision.adjustContrast(image(), -1), /contrast_factor \(-1\) is not non-negative/],
  [() => vision.posterize(image(), 9), /in the range \[0, 8\], got 9/],
  [
    () => vision.solarize(torch.zeros([1, 2, 2]), 2),
    /less or equal the maximum value of the dtype, but got 2/,
  ],
  [() => vision.fiveCrop(image(), 4), /crop size \(4, 4\) is bigger than input size \(3, 4\)/],
  [() => vision.permuteChannels(image(), [0, 1]), /Length of permutation .* 2 != 1/],
  [
    () => new vision.AutoAugment({ policy: 'mnist' as 'svhn' }),
    /policy mnist is not recognized: use imagenet/,
  ],
  [() => new vision.RandAugment({ numOps: -1 }), /num_ops should be a non-negative integer, but got -1/],
  [() => new vision.AugMix({ severity: 11 }), /severity must be between \[1, 10\]. Got 11/],
  [
    () => new vision.MixUp().forward(torch.zeros([2, 1, 3, 3]), torch.tensor([0n, 1n])),
    /num_classes must be passed/,
  ],
  [
    () => new vision.CutMix({ numClasses: 2 }).forward(torch.zeros([3, 1, 3, 3]), torch.tensor([0n, 1n])),
    /does not match the batch size of the labels: 3 != 2/,
  ],
])('says what is wrong: %s', (make, message) => {
  expect(make).toThrow(message);
});
