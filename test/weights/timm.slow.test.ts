// npm run test:timm: with the real timm, in the Python that the addon is linked with.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPython } from '../live-python.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timm-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SAVE = `
try:
    import timm
except ImportError:
    sys.exit('this Python has no timm: python -m pip install --no-deps timm torchvision, or a PYTHONPATH to them')
import torch
torch.backends.nnpack.set_flags(False)
torch.manual_seed(0)
model = timm.create_model('legacy_xception').eval()
for module in model.modules():
    if isinstance(module, torch.nn.BatchNorm2d):
        module.running_mean.normal_(0, 0.1)
        module.running_var.uniform_(0.5, 1.5)
torch.save(model.state_dict(), f"{input['folder']}/timm.pth")
images = torch.rand(2, 3, 299, 299) * 2 - 1
logits = {}
for threads in input['threads']:
    torch.set_num_threads(threads)
    with torch.no_grad(): logits[threads] = model(images)
torch.save({'images': images, 'logits': logits}, f"{input['folder']}/run.pt")
cfg = model.default_cfg
print(json.dumps({'torch': torch.__version__, 'timm': timm.__version__, **{k: cfg[k] for k in
    ['input_size', 'interpolation', 'crop_pct', 'crop_mode', 'mean', 'std']}}))`;

test("timm's legacy_xception gives the same bits here, and its own preprocessing comes along", async () => {
  const threads = [1, 2];
  const said = runPython<Record<string, unknown>>(SAVE, { folder, threads });
  console.log(`timm ${said.timm}, torch ${said.torch}, here ${torch.versions().torch}`);
  expect(`${said.torch}`.split('+')[0]).toBe(torch.versions().torch);
  const weights = await torch.weights.loadXception(join(folder, 'timm.pth'));
  const model = torch.weights.xceptionWith(weights).eval();
  const run = torch.load<Map<string, never>>(join(folder, 'run.pt'));
  const logits: Map<number, torch.Tensor> = run.get('logits') as never;
  for (const count of threads) {
    torch.setNumThreads(count);
    const ours = torch.noGrad(() => model.forward(run.get('images') as never));
    expect({ threads: count, same: torch.equal(ours, logits.get(count) as torch.Tensor) }).toEqual({
      ...{ threads: count, same: true },
    });
  }
  expect(weights.report).toMatchObject({ family: 'timm', prefix: '', unused: [], added: [], head: 'kept' });
  const { inputSize, interpolation, cropPct, cropMode, mean, std } = weights.preprocessing ?? {};
  expect({ inputSize, interpolation, cropPct, cropMode, mean, std }).toEqual({
    ...{ inputSize: said.input_size, interpolation: said.interpolation, cropPct: said.crop_pct },
    ...{ cropMode: said.crop_mode, mean: said.mean, std: said.std },
  });
});

test('its Aligned Xceptions are refused by name', async () => {
  const names = ['xception41', 'xception65', 'xception71', 'xception41p', 'xception65p'];
  runPython(
    `import timm, torch
for name in input['names']: torch.save(timm.create_model(name).state_dict(), f"{input['folder']}/{name}.pth")
print('null')`,
    { folder, names },
  );
  for (const name of names) {
    await expect(torch.weights.loadXception(join(folder, `${name}.pth`))).rejects.toThrow(
      `it is an Aligned Xception (${name}), another network than Xception`,
    );
  }
});
