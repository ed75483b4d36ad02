import { statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';

import { ValueError } from '../errors.js';
import { findClasses, makeDataset } from '../vision/index.js';
import { EXAMPLE_PHOTOS, type Plan } from './options.js';

/** Image files, the class index of each, and the names of the classes. */
export interface PhotoList {
  readonly files: readonly string[];
  readonly targets: readonly number[];
  readonly classes: readonly string[];
}

/** @throws ValueError with what to do when there is nothing to learn from: no folder, no photo, fewer than two classes */
export function listPhotos({ data, labels }: Pick<Plan, 'data' | 'labels'>): PhotoList {
  requireFolder(data);
  const photos = labels === 'folder' ? byFolder(data) : byImage(data);
  if (photos.classes.length > 1) return photos;
  throw new ValueError(
    labels === 'folder'
      ? `${data} has one class folder only, ${photos.classes[0]}: add a second one, or use labels image`
      : `${data} holds one photo only: add a second one`,
  );
}

function requireFolder(data: string): void {
  const found = statSync(data, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  const why = found ? 'is not a folder' : 'does not exist';
  const note =
    data === EXAMPLE_PHOTOS ? ' (the example photos are in the repository, not in the npm package)' : '';
  throw new ValueError(
    `${data} ${why}${note}: data must be a folder with one folder of photos for each class`,
  );
}

function byFolder(data: string): PhotoList {
  const classes = findClasses(data);
  const samples = makeDataset(data, classes);
  return { files: samples.map(([file]) => file), targets: samples.map(([, target]) => target), classes };
}

// Each photo is named by its path below the folder. The folder itself stands for the one class that vision looks in.
function byImage(data: string): PhotoList {
  const root = resolve(data);
  const files = makeDataset(dirname(root), [basename(root)]).map(([file]) => file);
  return {
    files,
    targets: files.map((_, index) => index),
    classes: files.map((file) => relative(root, file)),
  };
}
