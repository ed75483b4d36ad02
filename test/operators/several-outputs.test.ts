import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';

type Call = (...args: unknown[]) => unknown;

/** Something that each type of a schema takes. */
const sample = (type: string): unknown => {
  if (type.endsWith('?')) return null;
  const list = type.match(/^(.*)\[\d*\]$/);
  if (list) return [sample(list[1] as string)];
  if (type.startsWith('Tensor')) return torch.ones([1]);
  if (type === 'bool') return false;
  if (type === 'str') return 'mean';
  return type === 'float' ? 0.5 : 1;
};

/** A schema with several tensors to write into: its name, a value for each argument before them, and their number. */
function parsed(schema: string) {
  const [, name, overload, inside] = schema.match(/^(\S+?)(?:\.(\w+))?\((.*)\) -> /) as unknown as string[];
  const fields = (inside as string)
    .replaceAll(/\(\w+!?(?: -> \*)?\)/g, (alias) => (alias.includes('!') ? '!' : ''))
    .split(', ');
  const star = fields.indexOf('*');
  const keywords = star < 0 ? [] : fields.slice(star + 1);
  const given = keywords.filter((field) => !field.includes('!') && !field.includes('='));
  return {
    path: [...(name as string).split('::'), overload ?? 'default'] as [string, string, string],
    args: fields.slice(0, star < 0 ? fields.length : star).filter((field) => field && !field.includes('=')),
    keywords: given,
    outputs: keywords.filter((field) => field.includes('!')),
  };
}

const several = torch
  .schemas()
  .filter((schema) => schema.startsWith('aten::') && schema.includes(', *, '))
  .map(parsed)
  .filter(({ outputs }) => outputs.length > 1);

test('each overload that writes several results takes them as a list, whatever they are called', () => {
  expect(several.length).toBeGreaterThan(100);
  for (const { path, args, keywords, outputs } of several) {
    const [namespace, operator, overload] = path;
    const call = torch.ops[namespace]?.[operator]?.[overload] as Call;
    const values = args.map((field) => sample(field.split(' ')[0] as string));
    const named = Object.fromEntries(
      keywords.map((field) => field.split(' ')).map(([type, name]) => [name, sample(type as string)]),
    );
    const out = outputs.map((field) => sample((field.split(' ')[0] as string).replace('!', '')));
    const title = path.join('.');
    const wrong = [...out.slice(0, -1), 'here'];
    const last = outputs.at(-1)?.split(' ')[1];
    expect(() => call(...values, { ...named, out: wrong }), title).toThrow(
      new RegExp(`argument '${last}' \\(position \\d+\\) must be Tensor(\\[\\])?, not str`),
    );
    expect(() => call(...values, { ...named, out: [...out, ...out] }), title).toThrow(
      `expected tuple of ${out.length} elements but got ${2 * out.length}`,
    );
  }
});

const x = torch.arange(32, { dtype: torch.float32 }).reshape([2, 1, 4, 4]);
const [one, zero] = [torch.ones([1]), torch.zeros([1])];
const aten = torch.aten as unknown as Record<string, Call>;

test.each([
  ['nativeBatchNorm', [x, one, zero, zero.clone(), one.clone(), false, 0.1, 1e-5]],
  ['_nativeBatchNormLegit', [x, one, zero, zero.clone(), one.clone(), false, 0.1, 1e-5]],
  ['_batchNormWithUpdate', [x, one, zero, zero.clone(), one.clone(), 0.1, 1e-5]],
  ['maxPool2dWithIndices', [x, [2, 2]]],
  ['maxPool3dWithIndices', [x, [1, 2, 2]]],
  ['adaptiveMaxPool2d', [x, [2, 2]]],
  ['adaptiveMaxPool3d', [x, [1, 2, 2]]],
])('%s, whose first result is called `out`, writes into a list', (name, args) => {
  const call = aten[name] as Call;
  const found = call(...args) as torch.Tensor[];
  const out = found.map(({ dtype }) => torch.empty([0], { dtype }));
  const written = call(...args, { out }) as torch.Tensor[];
  expect(written.every((result, i) => result === out[i])).toBe(true);
  expect(out.map((result) => result.tolist())).toEqual(found.map((result) => result.tolist()));
});

test('a list of another length is counted', () => {
  const out = [torch.empty([0])];
  expect(() => (torch.max as Call)(torch.ones([2, 2]), { dim: 0, out })).toThrow(
    'expected tuple of 2 elements but got 1',
  );
});
