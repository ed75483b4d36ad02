import { describe, expect, test } from 'vitest';
import { lesson } from './ours/lesson.js';
import { refuse } from './ours/refuse.js';
import { expectSameBits } from './parity.js';

test('wrong calls are refused in the words of PyTorch', async () => {
  const compared = await expectSameBits(refuse, {});
  const texts = [...compared].filter(([path]) => path !== '' && path !== '.generator');
  expect(texts.length).toBeGreaterThan(30);
  expect(texts.filter(([, text]) => !/^'\w*Error: /.test(text))).toEqual([]);
});

describe("the report's lesson: a residual block whose first ReLU works in place", async () => {
  const modified =
    /^'RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation: /;
  const run = () => expectSameBits(lesson, {});

  test('entry and exit blocks raise, and adding in another way is no remedy', async () => {
    const compared = await run();
    for (const name of ['entryInPlace', 'exitInPlace', 'entryInPlaceAddedInPlace', 'addedToRelu']) {
      expect(compared.get(`.${name}`), name).toMatch(modified);
    }
    expect(compared.get('.reluOfLeaf')).toMatch(/a leaf Variable that requires grad/);
  });

  test('the middle block, and one that computes its skip last, are wrong without an error', async () => {
    const compared = await run();
    expect(compared.get('.middleInPlace.output')).not.toBe(compared.get('.middle.output'));
    expect(compared.get('.skipLastInPlace.output')).not.toBe(compared.get('.skipLast.output'));
  });

  test('without gradients it does no harm where the skip comes first', async () => {
    const compared = await run();
    expect(compared.get('.entryInPlaceNoGrad')).toBe(compared.get('.entry.output'));
  });
});
