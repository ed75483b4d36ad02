import { crc32 } from 'node:zlib';

// A ZIP writer and pickle pieces of the tests' own, which can also write what is wrong.

export interface ArchiveOptions {
  /** The folder of all records; null: none. */
  root?: string | null;
  crc?: (contents: Buffer) => number;
  deflate?: (contents: Buffer) => Buffer;
  flags?: number;
  method?: number;
}

type Records = Record<string, Buffer> | [string, Buffer][];

/** An archive of the given records and, unless they are among them, a version. */
export function archive(records: Records, options: ArchiveOptions = {}): Buffer {
  const { root = 'archive', crc = crc32, deflate, flags = 0, method = deflate ? 8 : 0 } = options;
  const given = Array.isArray(records) ? records : Object.entries(records);
  const all = given.some(([name]) => name === 'version')
    ? given
    : [...given, ['version', Buffer.from('3\n')] as const];
  const files: Buffer[] = [];
  const lines: Buffer[] = [];
  let offset = 0;
  for (const [name, contents] of all) {
    const path = Buffer.from(root === null ? name.replaceAll('/', '-') : `${root}/${name}`);
    const stored = deflate ? deflate(contents) : contents;
    const common = fields(
      [flags, 2],
      [method, 2],
      [0, 4],
      [crc(contents) >>> 0, 4],
      [stored.length, 4],
      [contents.length, 4],
      [path.length, 2],
      [0, 2],
    );
    const file = Buffer.concat([fields([0x04034b50, 4], [20, 2]), common, path, stored]);
    lines.push(
      Buffer.concat([
        fields([0x02014b50, 4], [20, 2], [20, 2]),
        common,
        fields([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
        path,
      ]),
    );
    files.push(file);
    offset += file.length;
  }
  const directory = Buffer.concat(lines);
  const end = fields(
    [0x06054b50, 4],
    [0, 4],
    [lines.length, 2],
    [lines.length, 2],
    [directory.length, 4],
    [offset, 4],
    [0, 2],
  );
  return Buffer.concat([...files, directory, end]);
}

function fields(...values: [value: number, width: number][]): Buffer {
  return Buffer.concat(
    values.map(([value, width]) => {
      const bytes = Buffer.alloc(width);
      bytes.writeUIntLE(value, 0, width);
      return bytes;
    }),
  );
}

const latin1 = (...bytes: number[]) => Buffer.from(bytes).toString('latin1');

const text = (value: string) => `X${latin1(value.length, 0, 0, 0)}${value}`;

// LONG1 of nine bytes, whatever the value.
function int(value: number | bigint): string {
  const bytes = Array.from({ length: 9 }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));
  return `\x8a${latin1(9, ...bytes)}`;
}

const tuple = (values: readonly number[]) => `(${values.map(int).join('')}t`;

export interface TensorFields {
  location?: string;
  numel?: number | bigint;
  offset?: number;
  size?: number[];
  stride?: number[];
  storage?: string;
}

/** A pickle of one float32 tensor over `data/0`, or of a tuple of two. */
export function tensorPickle(...tensors: [TensorFields?, TensorFields?]): Buffer {
  const [first = {}, second] = tensors;
  const value = second ? `${tensorOpcodes(first)}${tensorOpcodes(second)}\x86` : tensorOpcodes(first);
  return Buffer.from(`\x80\x02${value}.`, 'latin1');
}

function tensorOpcodes(tensor: TensorFields): string {
  const {
    location = 'cpu',
    numel = 4,
    offset = 0,
    size = [4],
    stride = [1],
    storage = 'FloatStorage',
  } = tensor;
  const id = `(${text('storage')}ctorch\n${storage}\n${text('0')}${text(location)}${int(numel)}tQ`;
  const args = `(${id}${int(offset)}${tuple(size)}${tuple(stride)}\x89ccollections\nOrderedDict\n)Rt`;
  return `ctorch._utils\n_rebuild_tensor_v2\n${args}R`;
}
