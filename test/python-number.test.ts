import { expect, test } from 'vitest';
import * as python from '../lib/python-number.js';
import { runPython } from './live-python.js';

function fromHex(hex: string): number {
  return Buffer.from(hex, 'hex').readDoubleBE(0);
}

/** The 64 bits; all NaNs count as one. */
function toHex(x: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(Number.isNaN(x) ? Number.NaN : x);
  return bytes.toString('hex');
}

const prelude = `
import math, random, struct
random.seed(7)
def hexed(x):
    return struct.pack('>d', x if x == x else float('nan')).hex()
edge = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, -0.5, 0.125, 0.375, 2.675, 1.005, 0.045, 1e21, 1e22, 1e23,
        1.5e300, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e16, 1e15, 9999999999999998.0, 1e-4, 1e-5,
        999999.5, 9999995.0, 99999.95, 1234565.0, 25.0, 35.0, 15.0, 250.0, -250.0, 24.9999, 25.5,
        float('nan'), float('inf'), float('-inf')]
bits = [struct.unpack('d', struct.pack('Q', random.getrandbits(64)))[0] for _ in range(1500)]
dyadic = [random.randint(-10**6, 10**6) / 2**random.randint(0, 20) for _ in range(1500)]
scaled = [random.gauss(0, 1) * 10**random.randint(-10, 20) for _ in range(1500)]
values = edge + bits + dyadic + scaled
`;

const specs = [
  '.0f',
  '.1f',
  '.2f',
  '.4f',
  '.10f',
  '.20f',
  '.0e',
  '.2e',
  '.4e',
  '.16e',
  '.1g',
  '.3g',
  '.6g',
  '.17g',
];

function formatted(x: number, spec: string): string {
  const digits = Number(spec.slice(1, -1));
  if (spec.endsWith('f')) return python.formatFixed(x, digits);
  return spec.endsWith('e') ? python.formatExponent(x, digits) : python.formatGeneral(x, digits);
}

test('format specs and repr, character for character', () => {
  const rows = runPython<[string, string, string[]][]>(
    `${prelude}print(json.dumps([[hexed(x), repr(x), [format(x, s) for s in input]] for x in values]))`,
    specs,
  );
  for (const [hex, repr, texts] of rows) {
    const x = fromHex(hex);
    expect([python.formatFloat(x), ...specs.map((spec) => formatted(x, spec))]).toEqual([repr, ...texts]);
  }
});

test('round, with and without digits', () => {
  const places = [-20, -5, -2, -1, 0, 1, 2, 3, 8, 400];
  const rows = runPython<[string, string[], string | null][]>(
    `${prelude}
whole = [float(random.randint(-10**18, 10**18)) for _ in range(500)]
finite = [x for x in values + whole if math.isfinite(x) and abs(x) < 1e307]
print(json.dumps([[hexed(x), [hexed(round(x, n)) for n in input], hexed(round(x)) if abs(x) < 2**53 else None]
                  for x in finite]))`,
    places,
  );
  for (const [hex, rounded, whole] of rows) {
    const x = fromHex(hex);
    expect(places.map((digits) => toHex(python.roundHalfEven(x, digits)))).toEqual(rounded);
    if (whole !== null) expect(toHex(python.roundHalfEven(x))).toBe(whole);
  }
  expect(() => python.roundHalfEven(Number.NaN)).toThrow('cannot convert float NaN to integer');
});

test('// and % of floats and of ints', () => {
  const rows = runPython<[string, string, string, string][]>(`${prelude}
small = [1.0, -1.0, 0.1, -0.1, 3.0, -3.0, 0.0, -0.0, 1e308, 5e-324, 7.5, -7.5, float('inf'), float('-inf')]
pairs = [(a, b) for a in small for b in small if b]
pairs += [(random.gauss(0, 100), random.gauss(0, 3)) for _ in range(2000)]
pairs += [(float(random.randint(-1000, 1000)) / 4, random.choice([-3, -1.5, 0.25, 0.5, 3.0])) for _ in range(1000)]
ints = [(random.randint(-50, 50), random.choice([-7, -3, -1, 1, 2, 5])) for _ in range(1000)]
ints += [(random.randint(-2**53, 2**53), random.randint(1, 2**40)) for _ in range(1000)]
isint = lambda x: math.isfinite(x) and x == int(x) and hexed(x) != hexed(-0.0)
pairs = [(int(a), int(b)) if isint(a) and isint(b) and max(abs(a), abs(b)) < 2**53 else (a, b) for a, b in pairs]
print(json.dumps([[hexed(v) for v in (a, b, a // b, a % b)] for a, b in pairs + ints]))`);
  for (const [a, b, quotient, rest] of rows) {
    const [x, y] = [fromHex(a), fromHex(b)];
    expect([x, y, toHex(python.floorDiv(x, y)), toHex(python.mod(x, y))]).toEqual([x, y, quotient, rest]);
  }
  expect(() => python.mod(1, 0)).toThrow('modulo by zero');
});

test('libm gives the bits of the math module', () => {
  const { exp, expm1, log, log1p, log2, log10, sin, cos, tan, asin, acos, atan } = python;
  const { sinh, cosh, tanh, erf, erfc, sqrt } = python;
  const circular = { sin, cos, tan, asin, acos, atan };
  const functions = { exp, expm1, log, log1p, log2, log10, ...circular, sinh, cosh, tanh, erf, erfc, sqrt };
  const rows = runPython<[string, (string | null)[]][]>(
    `${prelude}
def call(name, x):
    try:
        return hexed(getattr(math, name)(x))
    except (ValueError, OverflowError):
        return None
xs = [random.random() for _ in range(1000)] + [random.gauss(0, 10) for _ in range(1000)] + dyadic[:500]
print(json.dumps([[hexed(x), [call(name, x) for name in input]] for x in xs]))`,
    Object.keys(functions),
  );
  for (const [hex, expected] of rows) {
    const x = fromHex(hex);
    const got = Object.values(functions).map((f, i) => (expected[i] === null ? null : toHex(f(x))));
    expect(got).toEqual(expected);
  }
});

test('pow and atan2', () => {
  const rows = runPython<[string, string, string, string][]>(`${prelude}
pairs = [(random.random(), float(n)) for n in range(1, 1001)] + [(0.9, float(n)) for n in range(1, 300)]
pairs += [(random.random() * 10, random.gauss(0, 5)) for _ in range(2000)]
print(json.dumps([[hexed(a), hexed(b), hexed(a ** b), hexed(math.atan2(b, a))] for a, b in pairs]))`);
  let unlikeV8 = 0;
  for (const [a, b, power, angle] of rows) {
    const [x, y] = [fromHex(a), fromHex(b)];
    expect([toHex(python.pow(x, y)), toHex(python.atan2(y, x))]).toEqual([power, angle]);
    if (toHex(x ** y) !== power) unlikeV8++;
  }
  expect(unlikeV8).toBeGreaterThan(0); // why this goes through the native door
});
