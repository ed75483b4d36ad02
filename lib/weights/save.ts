import { ValueError } from '../errors.js';
import { save } from '../serialization/index.js';
import { saveFile } from '../serialization/safetensors/index.js';
import { CARRIED, recordOf } from './carried.js';
import type { XceptionWeights } from './convert.js';

/**
 * Writes weights as a state dict: `.pt` and `.pth` for `torch.load`, `.safetensors` for safetensors. Architecture and
 * preprocessing go along as metadata, which PyTorch passes over and `xception predict` uses.
 *
 * @throws ValueError for another ending
 * @throws TorchError when the file cannot be written; an old one is then untouched
 */
export function saveXception(weights: XceptionWeights, path: string): void {
  const { state, family, architecture, preprocessing } = weights;
  requireWeightsName(path);
  const record = JSON.stringify(recordOf({ family, architecture, preprocessing }));
  if (path.endsWith('.safetensors')) saveFile(state, path, { format: 'pt', [CARRIED]: record });
  else save(state, path);
}

/** Throws ValueError for a path that {@link saveXception} would not write. */
export function requireWeightsName(path: string): void {
  if (/\.(pth?|safetensors)$/.test(path)) return;
  throw new ValueError(`cannot save ${path}: its name must end in .pt, .pth or .safetensors`);
}
