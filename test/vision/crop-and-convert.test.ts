import * as torch from 'libtorch-node';
import { expect, it } from 'vitest';

const { centerCrop, normalize, toDtype } = torch.vision;

// 5 - 4 = 1 pixel to spare: Python rounds 0.5 to 0. 7 - 4 = 3: 1.5 to 2. Math.round would give 1 and 2.
it.each([
  [5, 4, 0],
  [7, 4, 2],
  [9, 4, 2],
  [8, 4, 2],
])('of %i pixels, the middle %i begin at %i', (length, size, first) => {
  const image = torch.arange(length).view([1, 1, length]).expand([1, length, length]);
  expect(centerCrop(image, size).select(0, 0).select(0, 0).tolist()).toEqual([
    first,
    first + 1,
    first + 2,
    first + 3,
  ]);
});

it('crops without a copy and pads with zeros', () => {
  const image = torch.ones([1, 4, 4]);
  centerCrop(image, 2).zero_();
  expect(image.sum().item()).toBe(12);
  const padded = centerCrop(torch.ones([1, 1, 2], { dtype: torch.uint8 }), [2, 5]);
  expect(padded.tolist()).toEqual([
    [
      [0, 1, 1, 0, 0],
      [0, 0, 0, 0, 0],
    ],
  ]);
});

it('names a crop that makes no sense', () => {
  for (const size of [0, -3, 1.5, [], [1, 2, 3]]) {
    expect(() => centerCrop(torch.zeros([3, 4, 4]), size)).toThrow(
      `Please provide only two dimensions (h, w) for size. Got ${JSON.stringify(size)}.`,
    );
  }
});

it('normalises per channel and leaves the image alone', () => {
  const image = torch.ones([2, 1, 1]);
  expect(normalize(image, [0.5, 0], [0.5, 2]).tolist()).toEqual([[[1]], [[0.5]]]);
  expect(image.tolist()).toEqual([[[1]], [[1]]]);
});

it('refuses integers and a deviation of 0', () => {
  expect(() => normalize(torch.zeros([3, 2, 2], { dtype: torch.uint8 }), [0], [1])).toThrow(
    /^Input tensor should be a float tensor. Got torch.uint8./,
  );
  expect(() => normalize(torch.zeros([3, 2, 2]), [0, 0, 0], [1, 0, 1])).toThrow('std evaluated to zero');
  expect(() => normalize(torch.zeros([2, 2]), [0], [1])).toThrow(torch.ValueError);
});

it('converts with and without scaling', () => {
  const image = torch.tensor(Uint8Array.of(0, 51, 255));
  expect(toDtype(image, torch.float32).tolist()).toEqual([0, 51, 255]);
  expect(toDtype(image, torch.float64, { scale: true }).tolist()).toEqual([0, 51 * (1 / 255), 1]);
  expect(toDtype(image, torch.uint8, { scale: true })).toBe(image);
  expect(toDtype(torch.tensor([0, 0.999, 1]), torch.uint8, { scale: true }).tolist()).toEqual([0, 255, 255]);
});

it('refuses conversions that cannot hold the values', () => {
  expect(() => toDtype(torch.zeros([1]), torch.int64, { scale: true })).toThrow(
    'The conversion from torch.float32 to torch.int64 cannot be performed safely.',
  );
  expect(() => toDtype(torch.zeros([1], { dtype: torch.bool }), torch.int32, { scale: true })).toThrow(
    'Number of value bits is only defined for integer dtypes, but got torch.bool.',
  );
});
