// torch.testing: comparisons that say what differs.

import { AssertionError } from 'node:assert';
import { Complex } from './complex.js';
import * as dtypes from './dtype.js';
import { ValueError } from './errors.js';
import { strided } from './layout.js';
import { scope } from './memory.js';
import { aten } from './operators/ops.js';
import { requireNames } from './options.js';
import { formatFloat } from './python-format.js';
import { sizeText, tupleText, valueText } from './python-text.js';
import { float } from './scalar.js';
import { isTensor, type Tensor } from './tensor.js';
import type { Item } from './tensor-python.js';

export interface CloseOptions {
  /** Relative to the expected value. Either both tolerances or none, which is the dtype's. */
  rtol?: number;
  atol?: number;
  equalNan?: boolean;
  checkDevice?: boolean;
  checkDtype?: boolean;
  checkLayout?: boolean;
  checkStride?: boolean;
  /** Instead of the message, or made from it. */
  msg?: string | ((message: string) => string);
}

type Nested = Tensor | number | boolean | readonly Nested[] | { readonly [key: string]: Nested };

const half = [1e-3, 1e-5] as const;
const single = [1.3e-6, 1e-5] as const;
const double = [1e-7, 1e-7] as const;

const precisions = new Map<dtypes.DType, readonly [rtol: number, atol: number]>([
  [dtypes.float16, half],
  [dtypes.bfloat16, [0.016, 1e-5]],
  [dtypes.float32, single],
  [dtypes.float64, double],
  [dtypes.complex32, half],
  [dtypes.complex64, single],
  [dtypes.complex128, double],
]);

interface Tolerances {
  rtol: number;
  atol: number;
}

/** The looser of the two dtypes' tolerances; integers and booleans have none. */
function tolerances(actual: Tensor, expected: Tensor, { rtol, atol }: CloseOptions): Tolerances {
  if ((rtol === undefined) !== (atol === undefined)) {
    const missing = rtol === undefined ? 'rtol' : 'atol';
    throw new ValueError(
      `Both 'rtol' and 'atol' must be either specified or omitted, but got no ${missing}.`,
    );
  }
  if (rtol !== undefined && atol !== undefined) return { rtol, atol };
  const both = [actual, expected].map(({ dtype }) => precisions.get(dtype) ?? [0, 0]);
  return {
    rtol: Math.max(...both.map(([r]) => r as number)),
    atol: Math.max(...both.map(([, a]) => a as number)),
  };
}

function compareAttributes(actual: Tensor, expected: Tensor, options: CloseOptions): void {
  const { checkDevice = true, checkDtype = true, checkLayout = true, checkStride = false } = options;
  const attributes: [checked: boolean, name: string, actual: unknown, expected: unknown][] = [
    [true, 'shape', sizeText(actual.shape), sizeText(expected.shape)],
    [checkLayout, 'layout', `${actual.layout}`, `${expected.layout}`],
    [
      checkStride && actual.layout === strided,
      'stride()',
      tupleText(actual.stride()),
      tupleText(expected.stride()),
    ],
    [checkDevice, 'device', `${actual.device}`, `${expected.device}`],
    [checkDtype, 'dtype', `${actual.dtype}`, `${expected.dtype}`],
  ];
  const wrong = attributes.find(([checked, , ours, theirs]) => checked && ours !== theirs);
  if (!wrong) return;
  const [, name, ours, theirs] = wrong;
  fail(`The values for attribute '${name}' do not match: ${ours} != ${theirs}.`);
}

function fail(message: string): never {
  throw new AssertionError({ message });
}

/** A Python float, and an int for tensors of integers. */
function itemText(value: Item, { dtype }: Tensor): string {
  const floating = dtype.isFloatingPoint && typeof value === 'number';
  return floating ? formatFloat(value) : value instanceof Complex ? `${value}` : valueText(value);
}

function differenceText(
  type: string,
  value: string,
  at: string | null,
  tolerance: number,
  exact: boolean,
): string {
  const title = `${type[0]?.toUpperCase()}${type.slice(1)}`;
  const text =
    at === null ? `${title} difference: ${value}` : `Greatest ${type} difference: ${value} at index ${at}`;
  return exact ? text : `${text} (up to ${valueText(tolerance)} allowed)`;
}

function scalarMismatch(actual: Tensor, expected: Tensor, { rtol, atol }: Tolerances): string {
  const exact = rtol === 0 && atol === 0;
  const [a, e] = [actual.item(), expected.item()];
  const distance = Math.abs(Number(a) - Number(e));
  const relative = Number(e) === 0 ? Infinity : distance / Math.abs(Number(e));
  const shown = actual.dtype.isFloatingPoint ? formatFloat(distance) : String(distance);
  return [
    `Scalars are not ${exact ? 'equal' : 'close'}!\n`,
    `Expected ${itemText(e, expected)} but got ${itemText(a, actual)}.`,
    differenceText('absolute', shown, null, atol, exact),
    differenceText('relative', formatFloat(relative), null, rtol, exact),
  ].join('\n');
}

/** The greatest value and its place, of differences that are zero where the elements match. */
function greatest(differences: Tensor, shape: readonly number[]): [value: string, at: string] {
  const [value, index] = aten.max(differences, 0);
  let flat = Number(index.item());
  const place = shape.toReversed().map((size) => {
    const inner = flat % size;
    flat = Math.floor(flat / size);
    return inner;
  });
  return [itemText(value.item(), value), tupleText(place.reverse())];
}

function tensorMismatch(
  actual: Tensor,
  expected: Tensor,
  matches: Tensor,
  { rtol, atol }: Tolerances,
): string {
  const exact = rtol === 0 && atol === 0;
  const count = matches.numel();
  const wrong = count - Number(matches.sum().item());
  const { isFloatingPoint, isComplex } = actual.dtype;
  const [a, e] = [actual, expected].map((x) => (isFloatingPoint || isComplex ? x : x.long()).flatten());
  const matching = matches.flatten();
  const absolute = (a as Tensor)
    .sub(e as Tensor)
    .abs()
    .maskedFill(matching, 0);
  const relative = absolute.div((e as Tensor).abs()).maskedFill(matching, 0);
  const [most, at] = greatest(absolute, actual.shape);
  const [ratio, ratioAt] = greatest(relative, actual.shape);
  return [
    `Tensor-likes are not ${exact ? 'equal' : 'close'}!\n`,
    `Mismatched elements: ${wrong} / ${count} (${((100 * wrong) / count).toFixed(1)}%)`,
    differenceText('absolute', most, at, atol, exact),
    differenceText('relative', ratio, ratioAt, rtol, exact),
  ].join('\n');
}

function compareTensors(actual: Tensor, expected: Tensor, options: CloseOptions): void {
  compareAttributes(actual, expected, options);
  const allowed = tolerances(actual, expected, options);
  scope(() => {
    const dtype = aten.promoteTypes(actual.dtype, expected.dtype);
    const [a, e] = [actual, expected].map((x) => {
      const near = x.device.toString() === expected.device.toString() ? x : x.cpu();
      return (near.layout === strided ? near : near.toDense()).detach().to(dtype);
    }) as [Tensor, Tensor];
    const { rtol, atol } = allowed;
    const matches = aten.isclose(a, e, float(rtol), float(atol), options.equalNan ?? false);
    if (matches.all().item()) return;
    fail(a.dim() === 0 ? scalarMismatch(a, e, allowed) : tensorMismatch(a, e, matches, allowed));
  });
}

type Container = readonly Nested[] | { readonly [key: string]: Nested };

const isContainer = (value: Nested): value is Container => typeof value === 'object' && !isTensor(value);

function compareLeaves(
  actual: Nested,
  expected: Nested,
  options: CloseOptions,
  place: readonly string[],
): void {
  const numbers = !(isTensor(actual) && isTensor(expected));
  try {
    compareTensors(
      asTensor(actual),
      asTensor(expected),
      numbers ? { ...options, checkDtype: false } : options,
    );
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    const path = place.map((key) => `[${key}]`).join('');
    const message = path ? `${error.message}\n\nThe failure occurred for item ${path}` : error.message;
    fail(typeof options.msg === 'function' ? options.msg(message) : (options.msg ?? message));
  }
}

function compare(actual: Nested, expected: Nested, options: CloseOptions, place: readonly string[]): void {
  if (!isContainer(actual) || !isContainer(expected)) {
    compareLeaves(actual, expected, options, place);
    return;
  }
  const [ours, theirs] = [Object.entries(actual), Object.entries(expected)];
  if (ours.length !== theirs.length) {
    fail(`The length of the sequences mismatch: ${ours.length} != ${theirs.length}`);
  }
  for (const [key, value] of ours) {
    if (!(key in expected)) {
      fail(`The keys of the mappings do not match:\nMissing keys in the expected mapping: ['${key}']`);
    }
    const name = Array.isArray(actual) ? key : `'${key}'`;
    compare(value, (expected as Record<string, Nested>)[key] as Nested, options, [...place, name]);
  }
}

function asTensor(value: Nested): Tensor {
  if (isTensor(value)) return value;
  if (typeof value === 'number' || typeof value === 'boolean')
    return aten.scalarTensor(value, { dtype: dtypes.float64 });
  throw new TypeError(`assertClose() compares tensors, numbers and booleans, not ${typeof value}`);
}

/**
 * Throws node's AssertionError, with the text of torch.testing.assert_close, unless the tensors, or those in arrays and
 * plain objects, are close: |actual − expected| ≤ atol + rtol · |expected|. Numbers are compared as float64.
 */
export function assertClose(actual: Nested, expected: Nested, options: CloseOptions = {}): void {
  requireNames(assertClose, options, {
    rtol: true,
    atol: true,
    equalNan: true,
    checkDevice: true,
    checkDtype: true,
    checkLayout: true,
    checkStride: true,
    msg: true,
  });
  compare(actual, expected, options, []);
}
