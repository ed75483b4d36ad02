import { OP } from '../../../dist/serialization/opcodes.js';

const NAMES = [
  'torch._utils _rebuild_tensor_v2',
  'torch._utils _rebuild_qtensor',
  'torch._utils _rebuild_sparse_tensor',
  'torch._utils _rebuild_nested_tensor',
  'torch._tensor _rebuild_from_type_v2',
  'torch FloatTensor',
  'torch FloatStorage',
  'torch Size',
  'torch device',
  'torch.nn.parameter Parameter',
  'collections OrderedDict',
  'collections Counter',
  'collections defaultdict',
  '__builtin__ set',
  'builtins frozenset',
  'builtins bytearray',
  'builtins slice',
  'builtins complex',
  '_codecs encode',
  'numpy dtype',
  'numpy.core.multiarray scalar',
  'numpy.core.multiarray _reconstruct',
  'os system',
];

const text = (value) => Buffer.concat([Buffer.from([OP.SHORT_BINUNICODE, value.length]), Buffer.from(value)]);
const global = (name) => Buffer.from(`c${name.replace(' ', '\n')}\n`);

const OPERANDS = {
  [OP.BININT1]: 1,
  [OP.BININT2]: 2,
  [OP.BININT]: 4,
  [OP.BINFLOAT]: 8,
  [OP.BINGET]: 1,
  [OP.BINPUT]: 1,
  [OP.LONG_BINGET]: 4,
  [OP.LONG_BINPUT]: 4,
  [OP.FRAME]: 8,
  [OP.PROTO]: 1,
};

const CODES = Object.values(OP);

/** A random opcode, most often with an operand that it can have. */
export function opcode(random) {
  if (random.below(4) === 0) return global(random.pick(NAMES));
  if (random.below(8) === 0) return text(random.pick(['', 'a', 'latin1', 'f8', 'cpu', 'storage', '0']));
  const code = random.pick(CODES);
  const operand = Buffer.from(
    Array.from({ length: OPERANDS[code] ?? 0 }, () => random.below(random.pick([4, 256]))),
  );
  return Buffer.concat([Buffer.from([code]), operand]);
}
