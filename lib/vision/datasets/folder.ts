import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { ValueError } from '../../errors.js';

/** The file name extensions of images, lower case (torchvision's IMG_EXTENSIONS). */
export const IMG_EXTENSIONS: readonly string[] = [
  '.jpg',
  '.jpeg',
  '.png',
  '.ppm',
  '.bmp',
  '.pgm',
  '.tif',
  '.tiff',
  '.webp',
];

/** A file and the index of its class. */
export type FileSample = readonly [path: string, classIndex: number];

/**
 * The names of the folders in `root`, in Python's order of strings (torchvision's `find_classes`).
 *
 * @throws ValueError when the folder is missing, or has no folder in it
 */
export function findClasses(root: string): string[] {
  const classes = list(root).folders;
  if (classes.length === 0) {
    throw new ValueError(
      `Couldn't find any class folder in ${root}. Put the images of each class in a folder of its own: ` +
        `${join(root, 'CLASS', 'image.jpg')}.`,
    );
  }
  return classes;
}

/**
 * Every file with one of `extensions`, at any depth below its class folder: class by class, then by folder, then by
 * name, all in Python's order (torchvision's `make_dataset`).
 *
 * @throws ValueError naming every class without such a file
 */
export function makeDataset(
  root: string,
  classes: readonly string[],
  extensions: readonly string[] = IMG_EXTENSIONS,
): FileSample[] {
  const samples = classes.map((name, classIndex) =>
    walk(join(root, name))
      .filter((path) => extensions.some((extension) => path.toLowerCase().endsWith(extension)))
      .map((path): FileSample => [path, classIndex]),
  );
  const empty = classes.filter((_, classIndex) => samples[classIndex]?.length === 0);
  if (empty.length > 0) {
    throw new ValueError(
      `Found no valid file for the classes ${empty.join(', ')}. ` +
        `Supported extensions are: ${extensions.join(', ')}. Add images or remove the folder.`,
    );
  }
  return samples.flat();
}

interface Listing {
  folders: string[];
  files: string[];
}

// Links are followed; a link that leads nowhere counts as a file, as in os.walk.
function list(folder: string): Listing {
  const listing: Listing = { folders: [], files: [] };
  for (const entry of read(folder)) {
    const folderLike = entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(folder, entry.name)));
    (folderLike ? listing.folders : listing.files).push(entry.name);
  }
  listing.folders.sort(comparePython);
  listing.files.sort(comparePython);
  return listing;
}

function read(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new ValueError(`cannot read the image folder ${folder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

// Python sorts the walked folders by their whole path: 'a-b' before 'a/b', as '-' is less than '/'.
function walk(root: string): string[] {
  const found = new Map<string, string[]>();
  const visit = (folder: string, ancestors: ReadonlySet<string>) => {
    const real = realpathSync(folder);
    if (ancestors.has(real)) return;
    const { folders, files } = list(folder);
    found.set(folder, files);
    for (const name of folders) visit(join(folder, name), new Set([...ancestors, real]));
  };
  visit(root, new Set());
  return [...found.keys()]
    .sort(comparePython)
    .flatMap((folder) => (found.get(folder) ?? []).map((file) => join(folder, file)));
}

/** Python compares code points; JavaScript's own order compares UTF-16 units, which differs beyond the BMP. */
export function comparePython(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
