import { TorchFloat } from '../scalar.js';
import { Tuple } from '../tuple.js';
import { decodeLong } from './long.js';
import { OP } from './opcodes.js';
import type { PickleCursor } from './pickle-cursor.js';
import { ByteArray } from './python-values.js';

/** The value of an opcode that pushes what is written behind it; undefined for any other opcode. */
export function readLiteral(op: number, cursor: PickleCursor): unknown {
  switch (op) {
    case OP.NONE:
      return null;
    case OP.NEWTRUE:
      return true;
    case OP.NEWFALSE:
      return false;
    case OP.BININT:
      return cursor.int32();
    case OP.BININT1:
      return cursor.byte();
    case OP.BININT2:
      return cursor.uint(2);
    case OP.LONG1:
      return integer(cursor.bytes(cursor.byte()));
    case OP.LONG4:
      return integer(cursor.bytes(cursor.uint(4)));
    case OP.BINFLOAT:
      return float(cursor.double());
    case OP.SHORT_BINUNICODE:
      return cursor.text(cursor.byte());
    case OP.SHORT_BINSTRING:
      return cursor.byteString(cursor.byte());
    case OP.BINUNICODE:
      return cursor.text(cursor.uint(4));
    case OP.BINSTRING:
      return cursor.byteString(cursor.uint(4));
    case OP.BINUNICODE8:
      return cursor.text(cursor.uint64());
    case OP.SHORT_BINBYTES:
      return new Uint8Array(cursor.bytes(cursor.byte()));
    case OP.BINBYTES:
      return new Uint8Array(cursor.bytes(cursor.uint(4)));
    case OP.BINBYTES8:
      return new Uint8Array(cursor.bytes(cursor.uint64()));
    case OP.BYTEARRAY8:
      return new ByteArray(cursor.bytes(cursor.uint64()));
    case OP.EMPTY_LIST:
      return [];
    case OP.EMPTY_TUPLE:
      return Tuple.of();
    case OP.EMPTY_DICT:
      return new Map();
    case OP.EMPTY_SET:
      return new Set();
    default:
      return undefined;
  }
}

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
