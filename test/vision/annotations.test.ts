import { readFileSync } from 'node:fs';
import * as torch from 'libtorch-node';
import { beforeAll, describe, expect, it } from 'vitest';

import { build, fingerprint, patternImage, type Spec } from './golden.js';

const { vision } = torch;
const { BoundingBoxes, Mask } = vision;

interface Golden {
  size: [height: number, width: number];
  boxes: number[][];
  cases: { transform: Spec; samples: string[] }[];
}

const file = new URL('./golden/samples.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

function sample(): torch.Tensor[] {
  const { size: canvasSize, boxes } = golden;
  const pattern = (shape: number[], dtype: string) => patternImage({ shape, dtype, layout: 'contiguous' });
  const numbers = torch.tensor(boxes);
  return [
    pattern([3, ...canvasSize], 'uint8'),
    new Mask(pattern([2, ...canvasSize], 'uint8')),
    new Mask(pattern(canvasSize, 'int64')),
    ...(['XYXY', 'XYWH', 'CXCYWH'] as const).flatMap((format) => [
      new BoundingBoxes(numbers, { format, canvasSize }),
      new BoundingBoxes(numbers.to(torch.int64), { format, canvasSize }),
    ]),
    new BoundingBoxes(numbers, { format: 'XYXY', canvasSize, clampingMode: null }),
  ];
}

function described(part: torch.Tensor): string {
  const text = fingerprint(part);
  if (!(part instanceof BoundingBoxes)) return text;
  return `${text}:${part.format}:${part.canvasSize.join('x')}:${part.clampingMode ?? 'None'}`;
}

describe('image, masks and boxes move together, with the bits of torchvision', () => {
  beforeAll(() => torch.setNumThreads(1));

  it.each(golden.cases)('$transform', ({ transform, samples }) => {
    const made = build(transform);
    samples.forEach((expected, seed) => {
      torch.manualSeed(seed);
      torch.scope(() => {
        const moved = made.forward(...sample()) as torch.Tensor[];
        expect({ seed, parts: moved.map(described) }).toEqual({ seed, parts: expected.split(' ') });
      });
    });
  });
});

describe('a sample with masks and boxes', () => {
  const canvasSize = [2, 3] as const;
  const image = () => torch.arange(6).view([1, 2, 3]);
  const mask = () =>
    new Mask(
      torch.tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
  const boxes = () => new BoundingBoxes(torch.tensor([0, 0, 1, 2]), { format: 'XYXY', canvasSize });
  const flip = new vision.RandomHorizontalFlip({ p: 1 });
  const flippedMask = [
    [3, 2, 1],
    [6, 5, 4],
  ];

  it('keeps its shape, and what is not moved', () => {
    const label = torch.tensor([7]);
    const target = { boxes: boxes(), labels: label, mask: mask(), id: 5 };
    const [, moved] = flip.forward(image(), target);
    expect(moved.boxes).toBeInstanceOf(BoundingBoxes);
    expect(moved.boxes.tolist()).toEqual([[2, 0, 3, 2]]);
    expect(moved.boxes.canvasSize).toEqual(canvasSize);
    expect(moved.mask).toBeInstanceOf(Mask);
    expect(moved.mask.tolist()).toEqual(flippedMask);
    expect(moved.labels).toBe(label);
    expect(moved.id).toBe(5);
    expect(target.mask.tolist()).toEqual(mask().tolist());
  });

  it('needs no image', () => {
    expect(flip.forward(mask()).tolist()).toEqual(flippedMask);
    expect(new vision.RandomCrop([1, 3]).forward(boxes()).canvasSize).toEqual([1, 3]);
    expect(vision.horizontalFlip(mask())).toBeInstanceOf(Mask);
  });

  it('comes out with plain tensors at last', () => {
    const [given, plain] = new vision.ToPureTensor().forward(image(), mask());
    expect(plain).not.toBeInstanceOf(Mask);
    expect(plain.tolist()).toEqual(mask().tolist());
    expect(given.tolist()).toEqual(image().tolist());
    expect(mask().add(1)).not.toBeInstanceOf(Mask);
  });

  it('shares memory, and is freed by its scope', () => {
    const data = torch.zeros([2, 3]);
    new Mask(data).fill_(3);
    expect(data.sum().item()).toBe(18);
    const before = torch.liveTensors();
    torch.scope(() => {
      const [, moved] = new vision.RandomRotation(40).forward(image(), mask());
      new vision.ConvertBoundingBoxFormat('XYWH').forward(boxes());
      expect(moved.shape).toEqual([2, 3]);
    });
    expect(torch.liveTensors()).toBe(before);
    const kept = torch.scope(() => ({ mask: mask() }));
    expect(kept.mask.tolist()).toEqual(mask().tolist());
  });

  it.each([
    [
      () => new vision.RandAugment().forward(image(), mask()),
      /type Mask are not supported by RandAugment\(\)/,
    ],
    [
      () => new vision.FiveCrop(1).forward(image(), boxes()),
      /type BoundingBoxes are not supported by FiveCrop/,
    ],
    [
      () => new vision.RandomCrop(2).forward(torch.zeros([1, 9, 9]), mask()),
      /Found multiple HxW dimensions in the sample: \(2, 3\), \(9, 9\)/,
    ],
    [() => vision.pad(mask(), 1, { fill: [1, 2] }), /Non-scalar fill value is not supported for a mask/],
    [() => vision.pad(boxes(), 1, { paddingMode: 'edge' }), /'edge' is not supported with bounding boxes/],
    [
      () => new BoundingBoxes(torch.zeros([1, 1, 4]), { format: 'XYXY', canvasSize }),
      /1D or 2D tensor, got 3D/,
    ],
    [
      () => new BoundingBoxes(torch.zeros([2, 5]), { format: 'XYXY', canvasSize }),
      /a box has 4 numbers, but .* is 5/,
    ],
    [
      () => new BoundingBoxes(torch.zeros([4]), { format: 'XYWHR' as 'XYWH', canvasSize }),
      /unknown format 'XYWHR' of boxes: use one of XYXY, XYWH, CXCYWH/,
    ],
    [
      () => new vision.ClampBoundingBoxes({ clampingMode: 'firm' as 'hard' }).forward(boxes()),
      /clamping_mode must be None, hard or soft, got firm/,
    ],
    [
      () => vision.perspectiveBy(boxes(), [1, 1, 0, 1, 1, 0, 0, 0]),
      /can not be inverted to transform bounding boxes/,
    ],
  ])('says what is wrong: %s', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('an image of raw pixels', () => {
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const planes = [[[1, 4]], [[2, 5]], [[3, 6]]];

  it('is turned into channels, from sharp or a canvas', async () => {
    const info = { width: 2, height: 1, channels: 3 };
    const toTensor = new vision.Compose([new vision.ToImage(), new vision.RandomHorizontalFlip({ p: 0 })]);
    const image = new vision.ToImage().forward({ data, info });
    expect([image.dtype, image.isContiguous(), image.tolist()]).toEqual([torch.uint8, true, planes]);
    const { picture, name } = toTensor.forward({ picture: { data, info } as unknown, name: 'a' });
    expect([(picture as torch.Tensor).tolist(), name]).toEqual([planes, 'a']);
    const canvas = { data: new Uint8ClampedArray([1, 2, 3, 255]), width: 1, height: 1 };
    expect(vision.toImage(canvas).tolist()).toEqual([[[1]], [[2]], [[3]], [[255]]]);
    expect(vision.toImage(torch.zeros([4, 5])).shape).toEqual([1, 4, 5]);
    expect(() => vision.toImage({ data, width: 5, height: 1 })).toThrow(/5 x 1 pixels with 1.2 channels/);
    expect(() => vision.toImage(torch.zeros([4]))).toThrow(/two dimensions or more, but the tensor has 1/);
  });
});

it('arrays make boxes and masks, as they make tensors', () => {
  const boxes = new vision.BoundingBoxes([[1, 2, 3, 4]], {
    format: 'XYXY',
    canvasSize: [8, 8],
    dtype: torch.int64,
  });
  expect([boxes.shape, boxes.dtype, boxes.tolist()]).toEqual([[1, 4], torch.int64, [[1, 2, 3, 4]]]);
  const mask = new vision.Mask([[true, false]]);
  expect([mask instanceof vision.Mask, mask.dtype, mask.tolist()]).toEqual([
    true,
    torch.bool,
    [[true, false]],
  ]);
});
