import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as torch from 'libtorch-node';
import {
  type EpochMetrics,
  EXAMPLE_PHOTOS,
  overfit,
  type RunStart,
  type StepProgress,
} from 'libtorch-node/train';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPython } from '../live-python.js';

const root = mkdtempSync(join(tmpdir(), 'libtorch-node-train-'));
afterAll(() => rmSync(root, { recursive: true }));

const data = join(root, 'photos');
const classes = ['fish', 'renewable', 'tool'];
const files = classes.flatMap((name) => [1, 2, 3, 4].map((n) => join(name, `${name}0${n}.jpg`)));
beforeAll(() => {
  for (const name of classes) mkdirSync(join(data, name), { recursive: true });
  for (const file of files) cpSync(join(EXAMPLE_PHOTOS, file), join(data, file));
});

const small = { data, size: 40, batchSize: 4, threads: 1 };

test('the example photos are there: 100 in 4 classes', () => {
  const counts = readdirSync(EXAMPLE_PHOTOS).map((name) => readdirSync(join(EXAMPLE_PHOTOS, name)).length);
  expect(counts).toEqual([25, 25, 25, 25]);
});

test('it learns a dozen photos by heart', async () => {
  const summary = await overfit({ ...small, epochs: 10, out: join(root, 'learned') });
  expect(summary.train_accuracy).toBe(1);
  expect(summary.train_loss).toBeLessThan(0.2);
  // 30 steps do not move the running statistics of BatchNorm from where they begin: eval accuracy comes later.
  expect(summary.eval_accuracy).not.toBeNull();
});

test('it learns all hundred photos by heart, in eval mode too', { timeout: 600_000 }, async () => {
  const summary = await overfit({ size: 48, epochs: 25, out: join(root, 'hundred') });
  expect(summary).toMatchObject({ photos: 100, epochs: 25, interrupted: false });
  expect(summary.train_accuracy).toBeGreaterThanOrEqual(0.98);
  expect(summary.eval_accuracy).toBeGreaterThanOrEqual(0.95);
  expect(summary.train_loss).toBeLessThan(0.1);
});

test('a reporter hears the start, every step, every epoch and the end', async () => {
  const starts: RunStart[] = [];
  const steps: StepProgress[] = [];
  const epochs: EpochMetrics[] = [];
  let ends = 0;
  const out = join(root, 'heard');
  const reporter = {
    start: (run: RunStart) => starts.push(run),
    step: (progress: StepProgress) => steps.push(progress),
    epoch: (metrics: EpochMetrics) => {
      epochs.push(metrics);
      // On the disk as it goes.
      const lines = readFileSync(join(out, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
      expect(JSON.parse(lines.at(-1) ?? '')).toEqual(metrics);
    },
    end: () => {
      ends += 1;
    },
  };
  const summary = await overfit({ ...small, epochs: 2, out }, { reporter });
  expect(starts).toMatchObject([{ photos: 12, classes, stepsPerEpoch: 3, parameters: 20_813_099 }]);
  expect(steps.map(({ epoch, step }) => [epoch, step])).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 4],
    [2, 5],
    [2, 6],
  ]);
  expect(steps.at(-1)).toMatchObject({ steps: 6, secondsLeft: 0 });
  // The running accuracy of the last step is the epoch's.
  expect(steps.at(-1)?.trainAccuracy).toBe(epochs.at(-1)?.train_accuracy);
  expect({ epochs: epochs.length, ends, interrupted: summary.interrupted }).toEqual({
    epochs: 2,
    ends: 1,
    interrupted: false,
  });
});

test('aborted in the middle of an epoch it saves what it has', async () => {
  const controller = new AbortController();
  const out = join(root, 'aborted');
  const reporter = {
    step: ({ step }: StepProgress) => {
      if (step === 4) controller.abort();
    },
  };
  const summary = await overfit({ ...small, epochs: 9, out }, { reporter, signal: controller.signal });
  expect(summary).toMatchObject({ interrupted: true, epochs: 1, steps: 4, eval_accuracy: null });
  const state = torch.load<Map<string, torch.Tensor>>(join(out, 'last.pt'));
  expect(state.get('entry_conv1.1.num_batches_tracked')?.item()).toBe(4);
});

test('aborted before the training it throws the reason and leaves nothing', async () => {
  const signal = AbortSignal.abort(new Error('never mind'));
  const out = join(root, 'never');
  await expect(overfit({ ...small, out }, { signal })).rejects.toThrow('never mind');
  expect(readdirSync(root)).not.toContain('never');
});

/** The pixels that both sides train on: what the report's preprocessing makes of the photos. */
async function writePixels(path: string): Promise<void> {
  const { centerCrop, decodeImage, resize } = torch.vision;
  const squares = await Promise.all(
    files.map(async (file) => centerCrop(resize(await decodeImage(join(data, file)), 40), 40)),
  );
  writeFileSync(path, torch.stack(squares).typedArray());
}

const loop = `
import pathlib, torch
sys.dont_write_bytecode = True
sys.path.insert(0, input['reference'])
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset
from xception import Xception
torch.set_num_threads(1)
pixels = torch.frombuffer(bytearray(pathlib.Path(input['pixels']).read_bytes()), dtype=torch.uint8)
dataset = TensorDataset(pixels.view(12, 3, 40, 40), torch.arange(3).repeat_interleave(4))
torch.manual_seed(input['seed'])
model = Xception(num_classes=3).to(memory_format=torch.channels_last)
train, evaluation = DataLoader(dataset, 4, shuffle=True), DataLoader(dataset, 4)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 4 * len(train))
prepare = lambda batch: (batch / 127.5 - 1).contiguous(memory_format=torch.channels_last)
def tally(pairs):
    loss = sum(loss.item() * len(targets) for loss, logits, targets in pairs) / 12
    return [loss, sum((logits.argmax(1) == targets).sum().item() for loss, logits, targets in pairs) / 12]
result = []
for epoch in range(1, 5):
    model.train()
    pairs = []
    for batch, targets in train:
        optimizer.zero_grad()
        logits = model(prepare(batch))
        loss = cross_entropy(logits, targets)
        loss.backward()
        optimizer.step()
        scheduler.step()
        pairs.append((loss.detach(), logits.detach(), targets))
    result.append(tally(pairs))
    if epoch % 2 == 0:
        model.eval()
        with torch.no_grad():
            logits = [(model(prepare(batch)), targets) for batch, targets in evaluation]
            result[-1] += tally([(cross_entropy(l, t), l, t) for l, t in logits])
print(json.dumps(result))`;

test('losses and accuracies are Python’s, bit for bit', { timeout: 240_000 }, async () => {
  const pixels = join(root, 'pixels.bin');
  await writePixels(pixels);
  const reference = fileURLToPath(new URL('../../python', import.meta.url));
  const theirs = runPython<number[][]>(loop, { pixels, reference, seed: 3 });
  const ours: number[][] = [];
  const reporter = {
    epoch: ({ train_loss, train_accuracy, eval_loss, eval_accuracy }: EpochMetrics) => {
      const evaluated = eval_loss === null || eval_accuracy === null ? [] : [eval_loss, eval_accuracy];
      ours.push([train_loss, train_accuracy, ...evaluated]);
    },
  };
  await overfit({ ...small, epochs: 4, evalEvery: 2, seed: 3, out: join(root, 'same') }, { reporter });
  expect(ours).toEqual(theirs);
});
