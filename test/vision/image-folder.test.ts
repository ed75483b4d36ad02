import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import * as torch from 'libtorch-node';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { photosFolder } from './golden.js';

const { ImageFolder, makeDataset, findClasses } = torch.vision;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'folder-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function touch(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '');
  }
}

function listed(folder: torch.vision.ImageFolder): [string, number][] {
  return folder.samples.map(([path, classIndex]) => [relative(root, path), classIndex]);
}

it('sorts classes and files as Python sorts strings', () => {
  // 'Z' < 'a' < 'é' < U+FFE6 < U+1F600; by UTF-16 units the last two would change places.
  touch('é/1.jpg', 'a/1.jpg', 'Z/1.jpg', '\u{1F600}/1.jpg', '\uFFE6/1.jpg', 'a/10.jpg', 'a/2.jpg', 'a/B.jpg');
  const folder = new ImageFolder(root);
  expect(folder.classes).toEqual(['Z', 'a', 'é', '\uFFE6', '\u{1F600}']);
  expect(folder.classToIdx.get('é')).toBe(2);
  expect(listed(folder).slice(0, 5)).toEqual([
    ['Z/1.jpg', 0],
    ['a/1.jpg', 1],
    ['a/10.jpg', 1],
    ['a/2.jpg', 1],
    ['a/B.jpg', 1],
  ]);
  expect(folder.targets).toEqual([0, 1, 1, 1, 1, 2, 3, 4]);
});

// The order of sorted(os.walk(...)): by whole path, so that 'a-x' comes before 'a/y'.
it('walks folders in folders in the order of torchvision', () => {
  // sorted(os.walk(...)): by the folder's whole path, so that 'a-x' comes before 'a/b'.
  const order = ['c/z.jpg', 'c/a/y.jpg', 'c/a b/v.jpg', 'c/a-x/x.jpg', 'c/a/b/w.jpg'];
  touch(...[...order].reverse());
  expect(listed(new ImageFolder(root)).map(([path]) => path)).toEqual(order);
});

it('takes images of any case and leaves other files', () => {
  touch('a/1.JPG', 'a/2.jpeg', 'a/3.png', 'a/4.txt', 'a/5.webp', 'a/6.tiff', 'a/jpg', 'top.jpg');
  expect(listed(new ImageFolder(root)).map(([path]) => path)).toEqual([
    'a/1.JPG',
    'a/2.jpeg',
    'a/3.png',
    'a/5.webp',
    'a/6.tiff',
  ]);
});

it('follows links, and does not follow them in circles', () => {
  touch('real/1.jpg');
  symlinkSync(join(root, 'real'), join(root, 'linked'));
  symlinkSync(join(root, 'real'), join(root, 'real', 'loop'));
  symlinkSync(join(root, 'nowhere'), join(root, 'real', 'broken.jpg'));
  expect(listed(new ImageFolder(root))).toEqual([
    ['linked/1.jpg', 0],
    ['linked/broken.jpg', 0],
    ['real/1.jpg', 1],
    ['real/broken.jpg', 1],
  ]);
});

it('says what is missing and what to do', () => {
  expect(() => new ImageFolder(join(root, 'none'))).toThrow(/cannot read the image folder .*none: ENOENT/);
  expect(() => new ImageFolder(root)).toThrow(
    /^Couldn't find any class folder in .*\. Put the images of each class/,
  );
  touch('full/1.jpg', 'empty/readme.txt', 'bare/x.txt');
  expect(() => new ImageFolder(root)).toThrow(
    'Found no valid file for the classes bare, empty. Supported extensions are: .jpg, .jpeg, .png, .ppm, .bmp, .pgm, .tif, .tiff, .webp',
  );
  expect(makeDataset(root, findClasses(root).slice(1, 2), ['.txt'])).toHaveLength(1);
});

it('decodes, transforms in order, and says which file is bad', async () => {
  const seen: number[] = [];
  const folder = new ImageFolder(join(photosFolder, 'val'), {
    transform: (image) => {
      seen.push(image.size(1) * 1000 + image.size(2));
      return torch.vision.centerCrop(image, 64);
    },
    targetTransform: (classIndex) => classIndex + 10,
  });
  expect(folder.length).toBe(8);
  const batch = await folder.getItems([3, 0]);
  expect(batch.map(([image, label]) => [image.shape, label])).toEqual([
    [[3, 64, 64], 11],
    [[3, 64, 64], 10],
  ]);
  const [third] = await folder.get(3);
  expect(torch.equal(third, batch[0]?.[0] as torch.Tensor)).toBe(true);
  expect(seen[0]).toBe(seen[2]);
  await expect(folder.get(8)).rejects.toThrow(/index 8 is out of range: there are 8 images/);

  touch('a/bad.jpg');
  writeFileSync(join(root, 'a/bad.jpg'), 'x');
  const loader = new torch.data.DataLoader(new ImageFolder(root));
  await expect(loader[Symbol.asyncIterator]().next()).rejects.toThrow(/a\/bad.jpg: it is not an image/);
});

it('leaves tensors alone that a loader of its own keeps', async () => {
  touch('a/1.jpg');
  const kept = torch.ones([3, 2, 2]);
  const folder = new ImageFolder(root, { loader: async () => kept, transform: (image) => image.add(1) });
  await folder.get(0);
  expect(kept.disposed).toBe(false);
});
