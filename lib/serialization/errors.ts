import { TorchError } from '../errors.js';

/** A file cannot be read as a checkpoint. The kinds below say why; the message names the file. */
export class CheckpointError extends TorchError {
  override name = 'CheckpointError';
  /** Where in the value of the file: keys and indices from the outermost container on. Empty: no value is concerned. */
  path: readonly unknown[] = [];
}

/** The file is something else: a web page, a git-lfs pointer, another archive. */
export class NotACheckpointError extends CheckpointError {
  override name = 'NotACheckpointError';
}

/** The end of the file is missing. */
export class TruncatedCheckpointError extends CheckpointError {
  override name = 'TruncatedCheckpointError';
}

/** The archive contradicts itself, or a checksum is wrong. */
export class CorruptArchiveError extends CheckpointError {
  override name = 'CorruptArchiveError';
}

/** The pickle cannot be read. */
export class BadPickleError extends CheckpointError {
  override name = 'BadPickleError';
  /** Position in the pickle, in bytes. */
  readonly offset: number;
  /** The name of the opcode there, as in CPython's pickletools. */
  readonly opcode: string;

  constructor(problem: string, offset: number, opcode: string) {
    super(`${opcode}: ${problem} (at byte ${offset} of the pickle)`);
    this.offset = offset;
    this.opcode = opcode;
  }
}

/** The pickle names a class or function that is not on the list of harmless ones. */
export class ForbiddenGlobalError extends CheckpointError {
  override name = 'ForbiddenGlobalError';
  /** `module.name`, as the file has it. */
  readonly globalName: string;

  constructor(globalName: string) {
    super(
      `it uses ${globalName}, which is not on the list of what can be loaded: tensors, numbers, strings and containers. ` +
        'Nothing in a file is ever executed; { keepUnknown: true } (xception convert --keep-unknown) makes records of ' +
        'such objects, so that what they hold can be reached. To write a file without them: torch.save(model.state_dict(), path)',
    );
    this.globalName = globalName;
  }
}

/** A tensor does not fit its storage, or the storage is not as the file says; `path` leads to it. */
export class BadTensorError extends CheckpointError {
  override name = 'BadTensorError';
}

/** Something that PyTorch can write and this reader does not know. */
export class UnsupportedCheckpointError extends CheckpointError {
  override name = 'UnsupportedCheckpointError';
}

/** The file would need far more memory than its size lets expect. */
export class LimitExceededError extends CheckpointError {
  override name = 'LimitExceededError';
}
