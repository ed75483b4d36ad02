import { ValueError } from '../../errors.js';

/** The channels of a decoded image (torchvision.io.ImageReadMode): `unchanged` are those of the file. */
export type ImageReadMode = 'unchanged' | 'gray' | 'gray_alpha' | 'rgb' | 'rgb_alpha';

const MODES: readonly ImageReadMode[] = ['unchanged', 'gray', 'gray_alpha', 'rgb', 'rgb_alpha'];

/** @throws ValueError on an unknown mode */
export function checkMode(mode: ImageReadMode): void {
  if (MODES.includes(mode)) return;
  throw new ValueError(`unknown mode '${mode}' of an image: use one of ${MODES.join(', ')}`);
}

/** @throws ValueError: this format has no such mode */
export function refuseMode(mode: ImageReadMode, format: string, possible: string): never {
  throw new ValueError(`The provided mode is not supported for ${format} files: ${mode}; use ${possible}`);
}
