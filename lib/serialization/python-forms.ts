import { Complex } from '../complex.js';
import { Device } from '../device.js';
import { DType } from '../dtype.js';
import { Layout } from '../layout.js';
import { TorchFloat } from '../scalar.js';
import { Tuple } from '../tuple.js';
import { carryFloats } from './float-entries.js';
import { PythonCall, PythonGlobal } from './python-object.js';
import { ByteArray, Counter, Size } from './python-values.js';
import { QScheme } from './qscheme.js';

const DEVICE = new PythonGlobal('torch', 'device');
const SIZE = new PythonGlobal('torch', 'Size');
const GET_LAYOUT = new PythonGlobal('torch.serialization', '_get_layout');
const ENCODE = new PythonGlobal('_codecs', 'encode');
const BYTEARRAY = new PythonGlobal('__builtin__', 'bytearray');
const COMPLEX = new PythonGlobal('__builtin__', 'complex');
const SET = new PythonGlobal('__builtin__', 'set');
const COUNTER = new PythonGlobal('collections', 'Counter');

/** The Python form of a value of the classes that have no opcode of their own; null for anything else. */
export function pythonForm(value: object): PythonGlobal | PythonCall | null {
  if (value instanceof DType || value instanceof QScheme) return new PythonGlobal('torch', value.name);
  if (value instanceof Device) return deviceForm(value);
  if (value instanceof Layout) return new PythonCall(GET_LAYOUT, Tuple.of(value.toString()));
  if (value instanceof Size) return new PythonCall(SIZE, Tuple.of(Tuple.from(value)));
  if (value instanceof Complex) return new PythonCall(COMPLEX, Tuple.of(float(value.re), float(value.im)));
  if (value instanceof Counter) return new PythonCall(COUNTER, Tuple.of(copied(value)));
  // weights_only knows no frozenset.
  if (value instanceof Set) return new PythonCall(SET, Tuple.of(itemsOf(value)));
  return value instanceof Uint8Array ? bytesForm(value) : null;
}

// Empty bytes too: what Python writes for them, `bytes()`, is not on the list of weights_only.
function bytesForm(bytes: Uint8Array): PythonCall {
  if (bytes instanceof ByteArray) return new PythonCall(BYTEARRAY, Tuple.of(new Uint8Array(bytes)));
  return new PythonCall(ENCODE, Tuple.of(Buffer.from(bytes).toString('latin1'), 'latin1'));
}

function deviceForm({ type, index }: Device): PythonCall {
  return new PythonCall(DEVICE, index === null ? Tuple.of(type) : Tuple.of<unknown>(type, index));
}

function float(value: number): TorchFloat {
  return new TorchFloat(value);
}

function copied(counter: Counter): Map<unknown, unknown> {
  const dict = new Map(counter);
  carryFloats(counter, dict, (key) => key);
  return dict;
}

function itemsOf(set: Set<unknown>): unknown[] {
  const items = [...set];
  const places = new Map(items.map((item, index) => [item, index]));
  carryFloats(set, items, (item) => places.get(item));
  return items;
}
