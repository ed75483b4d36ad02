// Networks written out in plain PyTorch with the names that other projects give, loaded here by those names.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { weights } from './ours/weights.js';
import { expectSameBits } from './parity.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weights-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  { form: 'timm', family: 'timm', prefix: '', reshaped: 0, added: 0 },
  { form: 'cadene', family: 'cadene', prefix: '', reshaped: 0, added: 0 },
  { form: 'cadene_old', family: 'timm', prefix: '', reshaped: 68, added: 40 },
  { form: 'data_parallel', family: 'timm', prefix: 'state_dict.module._orig_mod.', reshaped: 0, added: 0 },
  { form: 'faceforensics', family: 'faceforensics', prefix: 'model.', reshaped: 0, added: 0 },
  { form: 'pytorchcv', family: 'pytorchcv', prefix: '', reshaped: 0, added: 0 },
])('$form gives the same bits', async ({ form, family, prefix, reshaped, added }) => {
  const file = join(folder, `${form}.pth`);
  for (const threads of form === 'timm' ? [1, 2] : [1]) {
    await expectSameBits(weights, { form, file, size: 96 }, { threads, seed: 1 });
  }
  const { report, numClasses } = await torch.weights.loadXception(file);
  expect(report).toMatchObject({ family, prefix, unused: [], head: 'kept' });
  expect({ numClasses, reshaped: report.reshaped.length, added: report.added.length }).toEqual({
    ...{ numClasses: 5, reshaped, added },
  });
});
