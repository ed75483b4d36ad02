// Every public function with options refuses one that it has not. Which functions have options is read from their own
// text, so that a new one is found here; what they are called with is wrong but for the options: they look at these first.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import { nn } from 'libtorch-node';
import * as train from 'libtorch-node/train';
import { parseSync } from 'rolldown/utils';
import { expect, test } from 'vitest';

type Call = (this: unknown, ...args: unknown[]) => unknown;

interface Found {
  readonly name: string;
  readonly call: Call;
  /** The prototype, for a method. */
  readonly owner: object | undefined;
}

const textOf = (call: unknown) => Function.prototype.toString.call(call);
const isClass = (value: unknown) => typeof value === 'function' && /^class\b/.test(textOf(value));
const isSpace = (value: unknown) => Object.prototype.toString.call(value) === '[object Module]';

/** Functions of a module of exports and of those in it, static functions and methods of their classes. */
function functionsIn(space: object, path: string, seen: Set<unknown>): Found[] {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(space));
  const owner = path.endsWith('.prototype') ? space : undefined;
  return descriptors.flatMap(([key, descriptor]): Found[] => {
    const value: unknown = isSpace(space) ? Reflect.get(space, key) : descriptor.value;
    if (seen.has(value) || key === 'constructor') return [];
    seen.add(value);
    const name = path === '' ? key : `${path}.${key}`;
    if (isClass(value) || isSpace(value) || key === 'prototype')
      return functionsIn(value as object, name, seen);
    return typeof value === 'function' ? [{ name, call: value as Call, owner }] : [];
  });
}

const functions = [
  ...functionsIn(torch, '', new Set()),
  ...functionsIn(train, 'train', new Set(Object.values(torch))),
];

interface Parameter {
  readonly type: string;
  readonly name?: string;
  readonly right?: { readonly type: string };
}

/** The parameters by the function's own text, which is one of a function or of a method. */
function parametersOf(call: Call): readonly Parameter[] {
  for (const text of [`(${textOf(call)})`, `({ ${textOf(call)} })`]) {
    const { program, errors } = parseSync('text.js', text, { preserveParens: false });
    const [statement] = program.body;
    if (errors.length > 0 || statement?.type !== 'ExpressionStatement') continue;
    const { expression } = statement;
    if (expression.type === 'FunctionExpression' || expression.type === 'ArrowFunctionExpression')
      return expression.params;
    const member = expression.type === 'ObjectExpression' ? expression.properties[0] : undefined;
    if (member?.type === 'Property' && member.value.type === 'FunctionExpression') return member.value.params;
  }
  throw new Error(`cannot read ${textOf(call)}`);
}

/** Where a function has its options, or −1. A method that takes a record apart is a private one. */
function placeOfOptions({ call, owner }: Found): number {
  if (/\[native code\]/.test(textOf(call))) return -1;
  return parametersOf(call).findLastIndex(
    ({ type, name, right }) =>
      right?.type === 'ObjectExpression' || (!owner && (type === 'ObjectPattern' || name === 'options')),
  );
}

async function refuses(found: Found): Promise<boolean> {
  const before = new Array(placeOfOptions(found)).fill(undefined);
  try {
    await found.call.apply(found.owner, [...before, { noSuchOption: 1 }]);
    return false;
  } catch (error) {
    return /^\w+\(\) got an unexpected option 'noSuchOption'$/.test((error as Error).message);
  }
}

test('every function with options refuses one that it has not', async () => {
  const withOptions = functions.filter((found) => placeOfOptions(found) >= 0);
  expect(withOptions.length).toBeGreaterThan(250);
  const ignoring: string[] = [];
  for (const found of withOptions) if (!(await refuses(found))) ignoring.push(found.name);
  // These look at something else before; they are called below.
  const later = [
    'nn.Embedding.fromPretrained',
    'nn.EmbeddingBag.fromPretrained',
    'nn.Module.prototype.to',
    'nn.Module.prototype.zeroGrad',
    'optim.Optimizer.prototype.zeroGrad',
  ];
  expect(ignoring).toEqual(later);
});

const { functional: F } = nn;
const x = torch.ones(2, 3);
const linear = new nn.Linear(2, 2);
const optimizer = new torch.optim.SGD(linear.parameters());

// What has its options in several places, or among arguments of any number.
test.each<[name: string, call: () => unknown, key?: string]>([
  ['to', () => linear.to({ Device: 'cpu' } as never), 'Device'],
  ['to', () => linear.to('cpu', { dType: torch.float64 } as never), 'dType'],
  ['to', () => x.to({ Dtype: torch.float64 } as never), 'Dtype'],
  ['to', () => x.to('cpu', { nonblocking: true } as never), 'nonblocking'],
  ['half', () => x.half({ format: 1 } as never), 'format'],
  ['isContiguous', () => x.isContiguous({ format: 1 } as never), 'format'],
  ['backward', () => x.sum().backward({ retain: true } as never), 'retain'],
  ['backward', () => x.sum().backward(undefined as never, { retain: true } as never), 'retain'],
  ['backward', () => x.sum().backward(torch.ones([]), { retain: true } as never), 'retain'],
  ['zeroGrad', () => linear.zeroGrad({ toNone: true } as never), 'toNone'],
  ['zeroGrad', () => optimizer.zeroGrad({ toNone: true } as never), 'toNone'],
  ['Embedding', () => nn.Embedding.fromPretrained(x, { frozen: true } as never), 'frozen'],
  ['EmbeddingBag', () => nn.EmbeddingBag.fromPretrained(x, { frozen: true } as never), 'frozen'],
  ['softmax', () => F.softmax(x, { Dim: 1 } as never), 'Dim'],
  ['softmax', () => F.softmax(x, 1, { Dtype: torch.float64 } as never), 'Dtype'],
  ['maxPool2d', () => F.maxPool2d(torch.ones(1, 4, 4), 2, { strides: 1 } as never), 'strides'],
  ['norm', () => torch.norm(x, { P: 1 } as never), 'P'],
  ['norm', () => torch.norm(x, 1, { keepDim: true } as never), 'keepDim'],
  ['cdist', () => torch.cdist(x, x, { P: 1 } as never), 'P'],
  ['meshgrid', () => torch.meshgrid(torch.ones(2), { order: 'xy' } as never), 'order'],
  ['detectAnomaly', () => torch.autograd.detectAnomaly({ nan: true } as never), 'nan'],
  ['detectAnomaly', () => torch.autograd.detectAnomaly(() => 1, { nan: true } as never), 'nan'],
  ['fuseConvBnWeights', () => nn.utils.fuseConvBnWeights(x, null, { Eps: 1 } as never), 'Eps'],
  ['overfit', () => train.overfit({}, { Signal: null } as never), 'Signal'],
])('%s() does so too', async (name, call, key) => {
  await expect(async () => call()).rejects.toThrow(
    new TypeError(`${name}() got an unexpected option '${key}'`),
  );
});

test('an option that is undefined is not there, and options need no prototype', () => {
  expect(F.dropout(x, { P: undefined } as never).shape).toEqual([2, 3]);
  const bare = (options: object) => Object.assign(Object.create(null), options);
  expect(F.leakyRelu(x.neg(), bare({ negativeSlope: 0.5 })).tolist()).toEqual(x.mul(-0.5).tolist());
  expect(() => F.leakyRelu(x, bare({ negative_slope: 0.5 }))).toThrow(
    "leakyRelu() got an unexpected option 'negative_slope': did you mean 'negativeSlope'?",
  );
  // Names that every object has are no options.
  expect(() => F.relu(x, { toString: 1 } as never)).toThrow("relu() got an unexpected option 'toString'");
  expect(() => F.relu(x, { constructor: 1 } as never)).toThrow(
    "relu() got an unexpected option 'constructor'",
  );
});

/** Parameters of exported functions whose type is one of options. */
function optionsIn(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const exported = /^export (?:async )?function (\w+)(?:<.*?>)?\(([\s\S]*?)\)(?:: [\s\S]*?)? \{$/gm;
  return [...source.matchAll(exported)].flatMap(([, name, parameters = '']) =>
    [...parameters.matchAll(/(\w+)\??: (?:[\w<]|, )*Options\b/g)].map(([, own]) => `${name}(${own})`),
  );
}

test('options are called options in the sources, so that the tests above find them', () => {
  const lib = fileURLToPath(new URL('../lib', import.meta.url));
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const others = files.filter((file) => file !== 'options.ts');
  const found = others.flatMap((file) => optionsIn(join(lib, file)));
  expect(found.length).toBeGreaterThan(150);
  expect(found.filter((text) => !text.endsWith('(options)'))).toEqual([]);
});
