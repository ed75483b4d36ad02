// Every file of corpus/: what PyTorch 2.13 loaded from it, bit for bit and shared as there, or an error of the right kind.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { expect, it } from 'vitest';

import { Comparison, type Described } from './corpus-value.js';

const folder = fileURLToPath(new URL('./corpus/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.pt'));
const EXPECTED = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as Record<
  string,
  { about: string; want: string; value?: Described }
>;

/** The kind of error of each file that must not load, and what its message says. */
const ERRORS: Record<string, readonly [kind: string, message: RegExp]> = {
  'l001_truncated_storage.pt': [
    'TruncatedCheckpointError',
    /unexpected EOF: its storages reach to byte 401, and the file has 391 b/,
  ],
  'l003_bad_magic.pt': [
    'NotACheckpointError',
    /Invalid magic number: it is a bare pickle, not what torch\.save writes\./,
  ],
  'l004_bad_protocol.pt': ['UnsupportedCheckpointError', /Invalid protocol version: 1002/],
  'l006_storage_size_mismatch.pt': ['BadTensorError', /storage 0 should have 4 elements of 4 bytes/],
  'l007_unknown_key.pt': [
    'CorruptArchiveError',
    /storage key 'nope' belongs to no tensor, or is there twice/,
  ],
  'l009_view_past_end.pt': ['BadTensorError', /a view of storage 0 reaches past its 16 bytes/],
  'l010_huge_numel.pt': ['BadTensorError', /storage 0 should have 35184372088832 elements of 4 bytes/],
  'l012_tar_traversal.pt': [
    'CorruptArchiveError',
    /member \.\.\/\.\.\/evil of the tar archive points out of it/,
  ],
  'l013_os_system.pt': ['ForbiddenGlobalError', /it uses os\.system/],
  'm001_empty.pt': ['NotACheckpointError', /the file is empty/],
  'm003_truncated_1byte.pt': [
    'TruncatedCheckpointError',
    /the end of the archive is missing: of the file only the first 1576 byt/,
  ],
  'm004_crc_data.pt': [
    'CorruptArchiveError',
    /record archive\/data\/0 is damaged: its checksum is wrong\. Get the file /,
  ],
  'm006_missing_data0.pt': ['CorruptArchiveError', /record data\/0 is missing/],
  'm007_storage_short.pt': ['BadTensorError', /storage data\/0 should have 4 elements of 4 bytes/],
  'm009_missing_version.pt': ['CorruptArchiveError', /record version is missing/],
  'm010_version_999.pt': ['UnsupportedCheckpointError', /it is of version "999"/],
  'm012_byteorder_junk.pt': ['UnsupportedCheckpointError', /Unknown endianness type: middle/],
  'm013_no_subdir.pt': [
    'NotACheckpointError',
    /it is a ZIP archive, but not one that torch\.save wrote: its records ar/,
  ],
  'm015_dup_pkl.pt': ['CorruptArchiveError', /record a\/data\.pkl is there twice/],
  'm016_dup_data0.pt': ['CorruptArchiveError', /record a\/data\/0 is there twice/],
  'm018_overlap_entries.pt': ['CorruptArchiveError', /record a\/data\.pkl overlaps what follows it/],
  'm019_cd_offset_past_end.pt': ['CorruptArchiveError', /the directory does not fit into the file/],
  'm021_method_bzip2.pt': [
    'UnsupportedCheckpointError',
    /record archive\/data\/0 is compressed with method 12/,
  ],
  'm022_bad_deflate.pt': [
    'CorruptArchiveError',
    /record archive\/data\/0 is damaged: it does not unpack to 16 bytes/,
  ],
  'm024_zip_bomb_pkl.pt': [
    'LimitExceededError',
    /a\/data\.pkl would unpack to 4194310 bytes, and 1457676 are allowed for /,
  ],
  'm025_usize_lie_huge.pt': ['CorruptArchiveError', /record archive\/data\/0 overlaps what follows it/],
  'm030_count_lie.pt': ['CorruptArchiveError', /the directory does not fit into the file/],
  'm031_prefix_junk.pt': ['NotACheckpointError', /there is something in front of the archive/],
  'm033_git_lfs.pt': ['NotACheckpointError', /it is a git-lfs pointer, not the file itself/],
  'm034_gzip.pt': ['NotACheckpointError', /it is compressed with gzip/],
  'm036_plain_pickle.pt': [
    'NotACheckpointError',
    /Invalid magic number: it is a bare pickle, not what torch\.save writes\./,
  ],
  'm037_random.pt': ['NotACheckpointError', /it is not a file that torch\.save wrote/],
  'm039_numpy_npz.pt': ['NotACheckpointError', /it is an \.npz file of NumPy arrays/],
  'm040_encrypted_flag_local_only.pt': [
    'CorruptArchiveError',
    /record a\/data\.pkl is not where the directory says/,
  ],
  'm043_zero_numel_no_member.pt': ['CorruptArchiveError', /record data\/0 is missing/],
  'm051_memo_missing.pt': ['BadPickleError', /BINGET: nothing was stored under 7/],
  'm052_long_memo_missing.pt': ['BadPickleError', /LONG_BINGET: nothing was stored under 2147483647/],
  'm054_no_stop.pt': [
    'BadPickleError',
    /the end: it ends in the middle: 1 more bytes are needed and 0 are ther/,
  ],
  'm055_empty_pkl.pt': [
    'BadPickleError',
    /the end: it ends in the middle: 1 more bytes are needed and 0 are ther/,
  ],
  'm057_no_mark.pt': ['BadPickleError', /APPENDS: there is no MARK/],
  'm058_stop_empty.pt': ['BadPickleError', /STOP: the stack is empty/],
  'm060_long1_past_end.pt': [
    'BadPickleError',
    /LONG1: it ends in the middle: 255 more bytes are needed and 2 are ther/,
  ],
  'm061_bad_utf8.pt': ['BadPickleError', /BINUNICODE: a string is not UTF-8/],
  'm063_global_no_newline.pt': ['BadPickleError', /GLOBAL: a name does not end/],
  'm067_list_key.pt': ['BadPickleError', /SETITEM: a list, dict or set cannot be a key/],
  'm069_setitem_on_list.pt': ['BadPickleError', /SETITEM: it is not a dict whose items are set/],
  'm070_append_to_dict.pt': ['BadPickleError', /APPEND: it is not a list that is appended to/],
  'm072_build_on_dict.pt': [
    'UnsupportedCheckpointError',
    /an object carries a state of its own, which cannot be read/,
  ],
  'r009_wrapper_subclass.pt': ['ForbiddenGlobalError', /it uses torch\._utils\._rebuild_wrapper_subclass/],
  't001_numel_huge.pt': [
    'BadTensorError',
    /storage data\/0 should have 1152921504606846976 elements of 4 bytes/,
  ],
  't003_numel_overflow.pt': [
    'BadTensorError',
    /storage data\/0 should have 4611686018427387904 elements of 4 bytes/,
  ],
  't004_numel_bigint.pt': [
    'BadTensorError',
    /storage data\/0 should have 1267650600228229401496703205376 elements of/,
  ],
  't006_offset_past.pt': [
    'BadTensorError',
    /a tensor of size \[4\], stride \[1\] and offset 2 reaches past the 4 eleme/,
  ],
  't007_offset_negative.pt': [
    'BadTensorError',
    /a tensor over storage data\/0 has no proper offset, size or stride/,
  ],
  't009_size_mul_overflow.pt': ['BadTensorError', /numel: integer multiplication overflow/],
  't010_stride_overflow.pt': [
    'BadTensorError',
    /a tensor over storage data\/0 has no proper offset, size or stride/,
  ],
  't013_view_past_end.pt': [
    'BadTensorError',
    /a tensor of size \[2, 4\], stride \[4, 1\] and offset 0 reaches past the 4/,
  ],
  't015_float_size.pt': [
    'BadTensorError',
    /a tensor over storage data\/0 has no proper offset, size or stride/,
  ],
  't016_too_few_args.pt': [
    'BadTensorError',
    /a tensor over storage data\/0 has no proper offset, size or stride/,
  ],
  't018_pid_int.pt': ['BadTensorError', /the file refers to something that is not a storage/],
  't019_pid_str.pt': ['BadTensorError', /the file refers to something that is not a storage/],
  't021_pid_empty_tuple.pt': ['BadTensorError', /the file refers to something that is not a storage/],
  't022_pid_bad_type.pt': ['BadTensorError', /the file refers to something that is not a storage/],
  't024_unknown_dtype_v3.pt': ['ForbiddenGlobalError', /it uses torch\.float3_e1m1/],
  't027_qtensor_axis.pt': [
    'BadTensorError',
    /a quantized tensor of size \[4\] has axis 7, 1 scales and 1 zero points/,
  ],
  't028_qtensor_bad_scheme.pt': [
    'BadTensorError',
    /a quantized tensor has no scheme that is known, but number/,
  ],
  't030_sparse_bad_layout.pt': ['BadTensorError', /there is no layout "torch\.sparse_zzz"/],
  't031_meta_negative.pt': ['BadTensorError', /a meta tensor has no proper dtype, size or stride/],
  't033_param_of_int.pt': ['BadTensorError', /a Parameter is not a tensor/],
  'v056_storage_longer.pt': ['BadTensorError', /storage data\/0 should have 4 elements of 4 bytes/],
  'x001_os_system.pt': ['ForbiddenGlobalError', /it uses os\.system/],
  'x003_builtins_eval.pt': ['ForbiddenGlobalError', /it uses builtins\.eval/],
  'x004_py2_builtin_exec.pt': ['ForbiddenGlobalError', /it uses __builtin__\.eval/],
  'x006_stack_global.pt': ['ForbiddenGlobalError', /it uses os\.system/],
  'x007_inst.pt': ['ForbiddenGlobalError', /it uses os\.system/],
  'x009_global_only.pt': ['ForbiddenGlobalError', /it uses os\.system/],
  'x010_nested_attr.pt': ['ForbiddenGlobalError', /it uses torch\.os\.system/],
  'x012_ext1.pt': ['BadPickleError', /opcode 130: this opcode is not known/],
  'x013_newobj.pt': ['ForbiddenGlobalError', /it uses torch\.nn\.modules\.linear\.Linear/],
  'x015_codecs_encode_rot.pt': [
    'ForbiddenGlobalError',
    /it uses _codecs\.encode with another codec than latin1/,
  ],
  'x016_storage_in_name.pt': ['ForbiddenGlobalError', /it uses os\.FooStorage/],
  'x018_typed_storage_call.pt': ['ForbiddenGlobalError', /it uses a storage class as a function/],
  'x019_bytearray_huge.pt': [
    'ForbiddenGlobalError',
    /it uses builtins\.bytearray of something that is not bytes/,
  ],
  'x021_getitem_chain.pt': ['ForbiddenGlobalError', /it uses operator\.attrgetter/],
  'x022_runpy.pt': ['ForbiddenGlobalError', /it uses runpy\._run_code/],
};

/** Files with classes that load as records only. */
const UNKNOWN = ['r006_full_module.pt', 'r007_namespace_etc.pt'];

/** Where PyTorch is wrong, or refuses what is harmless. */
const OURS: Record<string, number[]> = {
  'm027_traversal_names.pt': [1, 2, 3, 4],
  'm028_abs_backslash_names.pt': [1, 2, 3, 4],
  'v077_big_endian_v3.pt': [1, 2, 3, 4],
};

function errorOf(load: () => unknown): Error | undefined {
  try {
    load();
  } catch (error) {
    return error as Error;
  }
  return undefined;
}

function optionsFor(name: string): torch.serialization.LoadOptions {
  return { mapLocation: /^v06[12]/.test(name) ? 'cpu' : null, keepUnknown: UNKNOWN.includes(name) };
}

function check(name: string, value: unknown): void {
  const values = OURS[name];
  if (values) {
    expect((value as torch.Tensor).tolist()).toEqual(values);
    return;
  }
  const comparison = new Comparison();
  comparison.check(EXPECTED[name]?.value as Described, value, name);
  comparison.finish();
}

it('has a verdict on every file', () => {
  const known = files.filter((name) => name in ERRORS || name in OURS || EXPECTED[name]?.value);
  expect(known).toEqual(files);
});

it.each(files)('%s', (name) => {
  const path = `${folder}${name}`;
  const options = optionsFor(name);
  const wanted = ERRORS[name];
  if (!wanted) {
    check(name, torch.load(path, options));
    check(name, torch.load(readFileSync(path), options));
    return;
  }
  for (const source of [path, readFileSync(path)]) {
    const error = errorOf(() => torch.load(source, options));
    expect(error).toBeInstanceOf(torch.serialization.CheckpointError);
    expect([error?.name, error?.message]).toEqual([wanted[0], expect.stringMatching(wanted[1])]);
    expect(error?.message).toMatch(/^cannot load (\/.*\.pt|the given bytes): /);
  }
});

// A mapping cannot tell a wrong checksum; all else is as without it.
it.each(files)('mapped: %s', (name) => {
  const load = () => torch.load(`${folder}${name}`, { ...optionsFor(name), mmap: true });
  const wanted = ERRORS[name];
  if (name === 'm004_crc_data.pt' || (!wanted && !/^(l|v07[0-6])/.test(name))) check(name, load());
  else expect(errorOf(load)).toBeInstanceOf(torch.serialization.CheckpointError);
});

it.each(['v061_cuda_location.pt', 'v062_mps_location.pt'])('%s says where it can be loaded to', (name) => {
  if (torch.cuda.isAvailable()) return;
  const error = errorOf(() => torch.load(`${folder}${name}`));
  expect(error?.name).toBe('UnsupportedCheckpointError');
  expect(error?.message).toMatch(/Attempting to deserialize object on device \w+.*mapLocation: 'cpu'/);
});

it.each(UNKNOWN)('%s is refused unless records are asked for', (name) => {
  const error = errorOf(() => torch.load(`${folder}${name}`));
  expect(error?.name).toBe('ForbiddenGlobalError');
  expect(error?.message).toMatch(/it uses (torch\.nn\.modules\.linear\.Linear|argparse\.Namespace)/);
});

it('gives the tensors of a whole module', () => {
  const module = torch.load<torch.serialization.UnknownObject>(`${folder}r006_full_module.pt`, {
    keepUnknown: true,
  });
  const state = module.state as Map<string, Map<string, torch.Tensor>>;
  expect(state.get('_parameters')?.get('weight')).toBeInstanceOf(torch.nn.Parameter);
});

const MOST_SECONDS = 2;
const MOST_BYTES = 64 << 20;

// In a process of its own, which measures its peak memory anew for each file.
it('takes neither long nor much memory for any file', () => {
  const output = execFileSync(
    process.execPath,
    ['--expose-gc', fileURLToPath(new URL('./corpus-cost.mjs', import.meta.url)), folder],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const costs = JSON.parse(output) as { name: string; seconds: number; bytes: number; size: number }[];
  expect(costs.map(({ name }) => name)).toEqual([...files, ...files, ...files]);
  const excessive = costs.filter(
    ({ seconds, bytes, size }) => seconds > MOST_SECONDS || bytes > MOST_BYTES + size,
  );
  expect(excessive).toEqual([]);
});
