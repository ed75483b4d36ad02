import * as torch from 'libtorch-node';
import { expect, test } from 'vitest';
import { observeOperators, unobserved } from '../../dist/operators/observer.js';

test('every call is told by its name, with what it gave, and in its order', () => {
  const x = torch.tensor([1, -2]);
  const seen: [string, unknown][] = [];
  const y = observeOperators(
    (name, result) => {
      x.neg(); // its own calls are not told
      seen.push([name, result]);
    },
    () => {
      const sum = torch.relu(x).add(x);
      unobserved(() => x.exp());
      x.mul_(2);
      return sum;
    },
  );
  expect(seen.map(([name]) => name)).toEqual(['aten::relu', 'aten::add', 'aten::mul_']);
  expect(seen[1]?.[1]).toBe(y);
  expect(seen[2]?.[1]).toBe(x);
});

test('it ends with the body, also when that throws; the one around it goes on', () => {
  const x = torch.ones(2);
  const [outer, inner]: string[][] = [[], []];
  observeOperators(
    (name) => outer?.push(name),
    () => {
      const failing = () =>
        observeOperators(
          (name) => inner?.push(name),
          () => x.add(torch.ones(3)),
        );
      expect(failing).toThrow(/size of tensor/);
      x.neg();
    },
  );
  x.exp();
  expect({ outer, inner }).toEqual({ outer: ['aten::neg'], inner: ['aten::ones'] });
});

test('what it throws ends the call, also one that is tried before it is checked', () => {
  const x = torch.ones(2, 2);
  const rows = torch.tensor([1n]);
  for (const call of [() => x.index(rows), () => x.index(1), () => x.index(torch.slice(1), 0)]) {
    let told = 0;
    const stopping = () =>
      observeOperators(() => {
        told++;
        throw new Error('stop');
      }, call);
    expect(stopping).toThrow('stop');
    expect(told).toBe(1);
  }
});
