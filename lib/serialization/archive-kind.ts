import { NotACheckpointError, UnsupportedCheckpointError } from './errors.js';
import type { ZipReader } from './zip-reader.js';

/** Archives that PyTorch writes by other functions than torch.save, by a record that only they have. */
const OTHERS: readonly (readonly [record: RegExp, what: string])[] = [
  [
    /^bytecode\.pkl$/,
    'it is a model for the Lite Interpreter of mobile devices, which cannot be loaded; load the TorchScript file that it was made from with torch.jit.load',
  ],
  [/^constants\.pkl$/, 'it is a TorchScript archive, which holds code; load it with torch.jit.load(path)'],
  [
    /^data\/aotinductor\//,
    'it is an AOTInductor package: compiled code for one machine, which torch._inductor.aoti_load_package opens in Python',
  ],
  [
    /^(archive_format|serialized_exported_program\.json)$/,
    'it is an ExportedProgram, which torch.export.load opens in Python; save its state_dict with torch.save to load it here',
  ],
  [/^\.data\/(extern_modules|python_version)$/, 'it is a torch.package, which holds Python code'],
];

/** Archives that are not PyTorch's. */
const MISTAKEN: readonly (readonly [record: RegExp, what: string])[] = [
  [/\.npy$/, 'it is an .npz file of NumPy arrays'],
  [/^model\.weights\.h5$/, 'it is a .keras file'],
];

/**
 * Makes sure that an archive is torch.save's.
 *
 * @throws UnsupportedCheckpointError on what other functions of PyTorch write, saying by which
 * @throws NotACheckpointError on other archives
 */
export function requireSavedValue(zip: ZipReader): void {
  const names = zip.names();
  const other = OTHERS.find(([record]) => names.some((name) => record.test(name)));
  if (other) throw new UnsupportedCheckpointError(other[1]);
  if (zip.has('data.pkl') && zip.root !== '') return;
  const mistaken = MISTAKEN.find(([record]) => names.some((name) => record.test(name)));
  const problem = zip.has('data.pkl')
    ? 'its records are in no folder'
    : `it holds no data.pkl, but ${names[0]}`;
  throw new NotACheckpointError(
    mistaken?.[1] ?? `it is a ZIP archive, but not one that torch.save wrote: ${problem}`,
  );
}
