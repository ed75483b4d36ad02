import { type DeviceLike, device } from '../device.js';
import { TorchError } from '../errors.js';
import { native } from '../native.js';
import { requireNames } from '../options.js';
import { type ByteSource, openFile, overBytes } from '../serialization/byte-source.js';
import { NotACheckpointError } from '../serialization/errors.js';
import { fileKind } from '../serialization/file-kind.js';
import { ZipReader } from '../serialization/zip-reader.js';
import { ScriptModule } from './script-module.js';

export interface ScriptLoadOptions {
  /** Where parameters and buffers go. Default: the device that they were saved from. */
  mapLocation?: DeviceLike | null;
}

/**
 * Loads a TorchScript archive that `torch.jit.save` or `ScriptModule.save` wrote. The archive is checked first, its
 * checksums included; then libtorch reads it. Unlike with `torch.load`, code in the file is run: some of it already here
 * (`__setstate__`), the rest when a method is called. Load only what you trust.
 *
 * @throws CheckpointError naming the file when it is damaged or something else
 */
export function load(source: string | Uint8Array, options: ScriptLoadOptions = {}): ScriptModule {
  requireNames(load, options, { mapLocation: true });
  const { mapLocation = null } = options;
  const name = typeof source === 'string' ? source : 'the given bytes';
  const file = typeof source === 'string' ? openFile(source) : overBytes(source);
  try {
    requireScript(file);
    const target = mapLocation === null ? null : `${device(mapLocation)}`;
    return new ScriptModule(native.scriptLoad(source, target));
  } catch (error) {
    if (error instanceof TorchError) error.message = `cannot load ${name}: ${error.message}`;
    throw error;
  } finally {
    file.close();
  }
}

function requireScript(file: ByteSource): void {
  const zip = fileKind(file) === 'zip' ? new ZipReader(file) : null;
  if (!zip?.has('constants.pkl')) {
    throw new NotACheckpointError(
      'it is not a TorchScript archive; torch.load(path) opens what torch.save wrote',
    );
  }
  const block = new Uint8Array(1 << 20);
  for (const record of zip.names()) for (const _ of zip.readPieces(record, block));
}
