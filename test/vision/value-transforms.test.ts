import * as torch from 'libtorch-node';
import { expect, it } from 'vitest';

const { vision } = torch;

it('multiplies flat images by a matrix', () => {
  const matrix = torch.tensor([
    [1, 2, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 3, 0],
    [5, 0, 0, 1],
  ]);
  const whiten = new vision.LinearTransformation(matrix, torch.tensor([1, 1, 1, 1]));
  const images = torch.tensor([1, 2, 3, 4, 2, 2, 2, 2]).view([2, 1, 2, 2]);
  expect(whiten.forward(images).tolist()).toEqual([
    [
      [
        [15, 1],
        [6, 3],
      ],
    ],
    [
      [
        [6, 3],
        [3, 1],
      ],
    ],
  ]);
  expect(() => whiten.forward(torch.zeros([1, 2, 3]))).toThrow(/incompatible shape.\[1 x 2 x 3\] != 4/);
});

it.each([
  [[2, 3], [2], torch.float32, /should be square. Got \(2, 3\) rectangular matrix/],
  [[2, 2], [3], torch.float32, /mean_vector should have the same length 3 .* \[\(2, 2\)\]/],
  [[2, 2], [2], torch.float64, /the same dtype. Got torch.float32 and torch.float64/],
])('refuses a matrix %j with a vector %j', (matrix, vector, dtype, message) => {
  expect(() => new vision.LinearTransformation(torch.zeros(matrix), torch.zeros(vector, { dtype }))).toThrow(
    message,
  );
});

// Python: torch.linspace(0, t - 1, n).long()
it.each([
  [8, 3, [0, 3, 7]],
  [8, 5, [0, 1, 3, 5, 7]],
  [3, 5, [0, 0, 1, 1, 2]],
  [6, 1, [0]],
])('takes from %i frames %i', (frames, wanted, expected) => {
  const video = torch.arange(frames).view([frames, 1, 1, 1]).expand([2, frames, 1, 2, 2]);
  const taken = new vision.UniformTemporalSubsample(wanted).forward(video);
  expect(taken.shape).toEqual([2, wanted, 1, 2, 2]);
  expect(taken.select(0, 1).select(-1, 0).select(-1, 0).flatten().tolist()).toEqual(expected);
});

it('tells sizes', () => {
  const video = torch.zeros([2, 5, 3, 7, 9]);
  expect(vision.getDimensions(video)).toEqual([3, 7, 9]);
  expect(vision.getDimensions(torch.zeros([7, 9]))).toEqual([1, 7, 9]);
  expect(vision.getNumChannels(video)).toBe(3);
  expect(vision.getSize(video)).toEqual([7, 9]);
  expect(vision.getNumFrames(video)).toBe(5);
  expect(() => vision.getSize(torch.zeros([7]))).toThrow(/at least two dimensions, but got 1/);
});
