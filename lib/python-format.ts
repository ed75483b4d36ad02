// Python's text of floats: format specs and repr. JavaScript's toFixed and toExponential round exact ties up where
// Python rounds them to even, and write exponents with another number of digits.

const special = (x: number): string | undefined =>
  Number.isNaN(x) ? 'nan' : x === Infinity ? 'inf' : x === -Infinity ? '-inf' : undefined;

const isNegative = (x: number): boolean => x < 0 || Object.is(x, -0);

/** `f'{x:.4f}'` for digits = 4. */
export function formatFixed(x: number, digits: number): string {
  return special(x) ?? (isNegative(x) ? '-' : '') + fixed(Math.abs(x), digits);
}

function fixed(x: number, digits: number): string {
  // A tie has an odd multiple of half a unit, and a power of ten is that power of two times an odd number.
  let scaled = 2 * x;
  for (let i = 0; i < digits; i++) scaled *= 2;
  if (x < 1e21 && digits <= 100 && !Number.isInteger(scaled)) return x.toFixed(digits);
  return exactFixed(x, digits);
}

/** Any size, any number of digits, ties to even. */
function exactFixed(x: number, digits: number): string {
  let shift = 0n;
  let mantissa = x;
  for (; !Number.isInteger(mantissa); shift++) mantissa *= 2;
  const scaled = BigInt(mantissa) * BigInt(`1${'0'.repeat(digits)}`);
  const whole = scaled >> shift;
  const rest = 2n * (scaled - (whole << shift)) - (1n << shift);
  const rounded = whole + (rest > 0n || (rest === 0n && whole % 2n === 1n) ? 1n : 0n);
  const text = rounded.toString().padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Significant digits and the power of ten of the first one: 1234.5 with 3 digits is ['123', 3]. */
function significant(x: number, count: number): [string, number] {
  const [digits, exponent] = x.toExponential(count - 1).split('e') as [string, string];
  // One digit more is all of x if it is a tie; 101 digits then show it: no other double is that close to one.
  const next = x.toExponential(Math.min(count, 100));
  if (next.includes('5e') && Number(next) === x) {
    const all = x.toExponential(100).replace('.', '');
    const isTie = /^50*e/.test(all.slice(count));
    if (isTie && Number(all[count - 1]) % 2 === 0) return [all.slice(0, count), Number(exponent)];
  }
  return [digits.replace('.', ''), Number(exponent)];
}

const exponentText = (exponent: number): string =>
  `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;

const mantissaText = (digits: string): string =>
  digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;

/** `f'{x:.4e}'` for digits = 4; at most 98. */
export function formatExponent(x: number, digits: number): string {
  const word = special(x);
  if (word) return word;
  const [mantissa, exponent] = significant(Math.abs(x), digits + 1);
  return (isNegative(x) ? '-' : '') + mantissaText(mantissa) + exponentText(exponent);
}

/** Digits with the point in place: plain between 1e-4 and the limit, else with an exponent. */
function placePoint(digits: string, exponent: number, limit: number): string {
  if (exponent < -4 || exponent >= limit) return mantissaText(digits) + exponentText(exponent);
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.padEnd(exponent + 1, '0');
  return whole.length > exponent + 1 ? `${whole.slice(0, exponent + 1)}.${whole.slice(exponent + 1)}` : whole;
}

/** `f'{x:.6g}'` for precision = 6. */
export function formatGeneral(x: number, precision = 6): string {
  const word = special(x);
  if (word) return word;
  const count = Math.max(1, precision);
  const [digits, exponent] = significant(Math.abs(x), count);
  return (isNegative(x) ? '-' : '') + placePoint(digits.replace(/(?<=.)0+$/, ''), exponent, count);
}

/** `repr(x)` of a Python float: `1.0`, `1e-05`, `1e+16`, `nan`. */
export function formatFloat(x: number): string {
  const word = special(x);
  if (word) return word;
  // Both languages print the shortest digits that read back as the same double.
  const [digits, exponent] = Math.abs(x).toExponential().split('e') as [string, string];
  const text = placePoint(digits.replace('.', ''), Number(exponent), 16);
  return (isNegative(x) ? '-' : '') + (/[.e]/.test(text) ? text : `${text}.0`);
}
