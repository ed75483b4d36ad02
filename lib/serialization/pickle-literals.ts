import { TorchFloat } from '../scalar.js';
import { Tuple } from '../tuple.js';
import { decodeLong } from './long.js';
import { OP } from './opcodes.js';
import type { PickleCursor } from './pickle-cursor.js';
import { ByteArray } from './python-values.js';

/** Of each opcode that pushes what is written behind it: how that is read. */
export const LITERALS: Readonly<Record<number, (cursor: PickleCursor) => unknown>> = {
  [OP.NONE]: () => null,
  [OP.NEWTRUE]: () => true,
  [OP.NEWFALSE]: () => false,
  [OP.BININT]: (cursor) => cursor.int32(),
  [OP.BININT1]: (cursor) => cursor.byte(),
  [OP.BININT2]: (cursor) => cursor.uint(2),
  [OP.LONG1]: (cursor) => integer(cursor.bytes(cursor.byte())),
  [OP.LONG4]: (cursor) => integer(cursor.bytes(cursor.uint(4))),
  [OP.BINFLOAT]: (cursor) => float(cursor.double()),
  [OP.SHORT_BINUNICODE]: (cursor) => cursor.text(cursor.byte()),
  [OP.SHORT_BINSTRING]: (cursor) => cursor.byteString(cursor.byte()),
  [OP.BINUNICODE]: (cursor) => cursor.text(cursor.uint(4)),
  [OP.BINSTRING]: (cursor) => cursor.byteString(cursor.uint(4)),
  [OP.BINUNICODE8]: (cursor) => cursor.text(cursor.uint64()),
  [OP.SHORT_BINBYTES]: (cursor) => new Uint8Array(cursor.bytes(cursor.byte())),
  [OP.BINBYTES]: (cursor) => new Uint8Array(cursor.bytes(cursor.uint(4))),
  [OP.BINBYTES8]: (cursor) => new Uint8Array(cursor.bytes(cursor.uint64())),
  [OP.BYTEARRAY8]: (cursor) => new ByteArray(cursor.bytes(cursor.uint64())),
  [OP.EMPTY_LIST]: () => [],
  [OP.EMPTY_TUPLE]: () => new Tuple(),
  [OP.EMPTY_DICT]: () => new Map(),
  [OP.EMPTY_SET]: () => new Set(),
};

// An integral float is told from an int until it sits in its container.
function float(value: number): number | TorchFloat {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? new TorchFloat(value) : value;
}

// As large as a number holds exactly; beyond, a BigInt.
function integer(bytes: Uint8Array): number | bigint {
  const value = decodeLong(bytes);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
