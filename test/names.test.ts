import { schemas } from 'libtorch-node';
import { expect, test } from 'vitest';
import { camelToSnake, snakeToCamel } from '../lib/names.js';

const names = new Set<string>();
for (const schema of schemas().filter((text) => text.startsWith('aten::'))) {
  const [, operator, args] = schema.match(/^aten::(\w+)[^(]*\((.*)\) -> /) as RegExpMatchArray;
  names.add(operator as string);
  for (const [, argument] of (args as string).matchAll(/ (\w+)(?==|,|$)/g)) names.add(argument as string);
}

test('one rule', () => {
  expect(snakeToCamel('zero_grad')).toBe('zeroGrad');
  expect(snakeToCamel('add_')).toBe('add_');
  expect(snakeToCamel('_foreach_add_')).toBe('_foreachAdd_');
  expect(snakeToCamel('max_pool2d')).toBe('maxPool2d');
  expect(snakeToCamel('_upsample_bilinear2d_aa')).toBe('_upsampleBilinear2dAa');
  expect(snakeToCamel('__and__')).toBe('__and__');
  expect(snakeToCamel('atleast_1d')).toBe('atleast1d');
  expect(snakeToCamel('n_fft')).toBe('nFft');
  expect(camelToSnake('weightDecay')).toBe('weight_decay');
  expect(camelToSnake('UPLO')).toBe('UPLO');
});

test('invertible for every operator and argument that is registered', () => {
  expect(names.size).toBeGreaterThan(2200);
  const lost = [...names].filter((name) => camelToSnake(snakeToCamel(name)) !== name);
  expect(lost).toEqual(['qScale']); // shares its form with the operator q_scale
});

test('no two names share a camelCase form', () => {
  const forms = [...names].filter((name) => name !== 'qScale').map(snakeToCamel);
  expect(new Set(forms).size).toBe(forms.length);
});
