import * as torch from 'libtorch-node';
import { expect, it } from 'vitest';

const { resize } = torch.vision;
const image = () => torch.zeros([3, 40, 60], { dtype: torch.uint8 });

it.each([
  ['one number is the shorter side', 20, undefined, [20, 30]],
  ['the longer side is cut, not rounded', 13, undefined, [13, 19]],
  ['a list of one number is the same', [20], undefined, [20, 30]],
  ['two are height and width', [7, 5], undefined, [7, 5]],
  ['maxSize bounds the longer side', 20, 24, [16, 24]],
  ['and does nothing where it is not reached', 20, 31, [20, 30]],
  ['maxSize alone', null, 30, [20, 30]],
] as const)('%s', (_, size, maxSize, expected) => {
  expect(resize(image(), size, { maxSize }).shape).toEqual([3, ...expected]);
});

it('turns the rule around for an upright image', () => {
  expect(resize(torch.zeros([3, 60, 40]), 20).shape).toEqual([3, 30, 20]);
});

it('returns the image itself when nothing changes', () => {
  const same = image();
  expect(resize(same, 40)).toBe(same);
});

it('keeps leading dimensions, and empty batches', () => {
  expect(resize(torch.zeros([2, 5, 3, 40, 60]), 20).shape).toEqual([2, 5, 3, 20, 30]);
  expect(resize(torch.zeros([0, 3, 40, 60]), [20, 30]).shape).toEqual([0, 3, 20, 30]);
});

it('leaves no tensor behind but its result', () => {
  const source = torch.rand([3, 40, 60]);
  const before = torch.liveTensors();
  const result = resize(source, 20);
  expect(torch.liveTensors()).toBe(before + 1);
  result.dispose();
});

it('names sizes and modes that make no sense', () => {
  expect(() => resize(image(), 0)).toThrow('size must be a positive integer number of pixels, but got 0');
  expect(() => resize(image(), 1.5)).toThrow(torch.ValueError);
  expect(() => resize(image(), 20, { maxSize: 20 })).toThrow(
    'max_size = 20 must be strictly greater than the requested size for the smaller edge size = 20',
  );
  expect(() => resize(image(), [2, 3], { maxSize: 9 })).toThrow(
    /max_size should only be passed if size is None/,
  );
  expect(() => resize(image(), null)).toThrow(
    'max_size must be an integer when size is None, but got null instead.',
  );
  expect(() => resize(image(), 20, { interpolation: 'cubic' as never })).toThrow(
    "Invalid interpolation mode: 'cubic'",
  );
  expect(() => resize(torch.zeros([40, 60]), 20)).toThrow(/Got torch.Size\(\[40, 60\]\)/);
});
