import { CheckpointError } from '../errors.js';

/** A file that is not as the safetensors format wants it (Python's `safetensors.SafetensorError`). */
export class SafetensorError extends CheckpointError {
  override name = 'SafetensorError';
}
