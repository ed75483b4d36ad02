// A run that is stopped anywhere and resumed leaves what an uninterrupted one leaves, bit for bit.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { EXAMPLE_PHOTOS, type OverfitOptions, overfit, type Reporter } from 'libtorch-node/train';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPython } from '../live-python.js';

const root = mkdtempSync(join(tmpdir(), 'libtorch-node-resume-'));
afterAll(() => rmSync(root, { recursive: true }));

const data = join(root, 'photos');
beforeAll(() => {
  for (const name of ['fish', 'tool']) {
    mkdirSync(join(data, name), { recursive: true });
    for (const n of [1, 2, 3]) {
      cpSync(join(EXAMPLE_PHOTOS, name, `${name}0${n}.jpg`), join(data, name, `${n}.jpg`));
    }
  }
});

/** 3 epochs of 3 steps; an evaluation pass after the second and third. */
const plan = { data, size: 40, batchSize: 2, threads: 1, epochs: 3, evalEvery: 2, seed: 5 };

type Stop = (controller: AbortController) => Reporter;

/** Runs until `stop` aborts it. */
async function runUntil(out: string, options: OverfitOptions, stop: Stop): Promise<void> {
  const controller = new AbortController();
  const summary = await overfit(options, { reporter: stop(controller), signal: controller.signal });
  expect(summary.interrupted).toBe(true);
  expect(existsSync(join(out, 'checkpoint.pt'))).toBe(true);
}

const afterStep =
  (step: number): Stop =>
  (controller) => ({ step: (progress) => progress.step === step && controller.abort() });

const afterEpoch =
  (epoch: number): Stop =>
  (controller) => ({ epoch: (metrics) => metrics.epoch === epoch && controller.abort() });

/** In the middle of the evaluation pass of an epoch: some turns of the event loop after its last step. */
const inEvaluation =
  (step: number): Stop =>
  (controller) => ({
    step: (progress) => {
      if (progress.step === step) setImmediate(() => setImmediate(() => controller.abort()));
    },
  });

/** Without what a clock said. */
function metricsOf(out: string): unknown[] {
  const lines = readFileSync(join(out, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const { seconds: _, images_per_second: __, ...metrics } = JSON.parse(line);
    return metrics;
  });
}

const summaryOf = (out: string) => {
  const { seconds: _, ...summary } = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
  return summary;
};

const uninterrupted = join(root, 'uninterrupted');
beforeAll(async () => {
  await overfit({ ...plan, out: uninterrupted });
  expect(existsSync(join(uninterrupted, 'checkpoint.pt'))).toBe(false);
});

function expectTheSame(out: string): void {
  // The whole file: weights, running statistics, strides.
  expect(readFileSync(join(out, 'last.pt')).equals(readFileSync(join(uninterrupted, 'last.pt')))).toBe(true);
  expect(metricsOf(out)).toEqual(metricsOf(uninterrupted));
  expect(summaryOf(out)).toEqual(summaryOf(uninterrupted));
  expect(existsSync(join(out, 'checkpoint.pt'))).toBe(false);
}

test.each<[string, Stop[]]>([
  ['after the first step', [afterStep(1)]],
  ['in the middle of an epoch', [afterStep(5)]],
  ['between two epochs', [afterEpoch(1)]],
  ['in the evaluation after an epoch', [inEvaluation(6)]],
  ['after the evaluation', [afterEpoch(2)]],
  ['at the last step', [afterStep(9)]],
  ['three times', [afterStep(2), afterStep(4), afterEpoch(2)]],
])('stopped %s', async (name, stops) => {
  const out = join(root, name);
  for (const [index, stop] of stops.entries()) {
    await runUntil(out, index === 0 ? { ...plan, out } : { resume: out }, stop);
    // Another program may use the process meanwhile.
    torch.rand([7]);
    torch.setNumThreads(2);
  }
  await overfit({ resume: join(out, 'checkpoint.pt') });
  expectTheSame(out);
});

test.each(['sgd', 'adam'] as const)('%s with a step schedule', async (optimizer) => {
  const options = { ...plan, optimizer, schedule: 'step', memoryFormat: 'contiguous' } as const;
  const [whole, parts] = [join(root, `${optimizer}-whole`), join(root, `${optimizer}-parts`)];
  await overfit({ ...options, out: whole });
  await runUntil(parts, { ...options, out: parts }, afterStep(4));
  await overfit({ resume: parts });
  expect(readFileSync(join(parts, 'last.pt')).equals(readFileSync(join(whole, 'last.pt')))).toBe(true);
});

test('a run that was killed goes on from its last checkpoint', async () => {
  const out = join(root, 'killed');
  const killed = new Error('killed');
  const reporter: Reporter = {
    step: ({ step }) => {
      if (step === 8) throw killed;
    },
  };
  await expect(overfit({ ...plan, checkpointEvery: 1, out }, { reporter })).rejects.toThrow(killed);
  expect(existsSync(join(out, 'last.pt'))).toBe(false);
  await overfit({ resume: out });
  expect(readFileSync(join(out, 'last.pt')).equals(readFileSync(join(uninterrupted, 'last.pt')))).toBe(true);
  expect(metricsOf(out)).toEqual(metricsOf(uninterrupted));
});

test('Python opens the checkpoint and its optimizer goes on with it', async () => {
  const out = join(root, 'python');
  await runUntil(out, { ...plan, out }, afterStep(4));
  const read = runPython<unknown>(
    `
import torch
saved = torch.load(input, weights_only=True, mmap=True)
parameters = [torch.nn.Parameter(value.clone()) for key, value in saved['model'].items() if 'running' not in key and 'num_batches' not in key]
optimizer = torch.optim.Adam(parameters)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 9)
optimizer.load_state_dict(saved['optimizer'])
scheduler.load_state_dict(saved['scheduler'])
torch.set_rng_state(saved['rng_state'])
step = optimizer.state[parameters[0]]['step'].item()
print(json.dumps([saved['epoch'], saved['tally']['steps'], step, scheduler.last_epoch, saved['options']['batch_size'], len(saved['history'])]))`,
    join(out, 'checkpoint.pt'),
  );
  expect(read).toEqual([2, 1, 4, 4, 2, 1]);
});

test('refuses what cannot be resumed, saying what to do', async () => {
  await expect(overfit({ resume: uninterrupted })).rejects.toThrow(
    /there is no .*checkpoint\.pt to resume: a run writes it when it is stopped/,
  );
  await expect(overfit({ resume: join(uninterrupted, 'last.pt') })).rejects.toThrow(
    /last\.pt is not a checkpoint that overfit wrote/,
  );
  await expect(overfit({ resume: uninterrupted, lr: 1 })).rejects.toThrow(
    /with its own options: leave out lr/,
  );
  const out = join(root, 'moved');
  await runUntil(out, { ...plan, out }, afterStep(1));
  const photo = join(data, 'fish', '1.jpg');
  const bytes = readFileSync(photo);
  cpSync(join(data, 'tool', '1.jpg'), photo);
  try {
    await expect(overfit({ resume: out })).rejects.toThrow(
      /photos in .* are not those that .*checkpoint\.pt/,
    );
  } finally {
    writeFileSync(photo, bytes);
  }
  // A new run in the same folder has nothing to do with the old one.
  await overfit({ ...plan, epochs: 1, out });
  expect(existsSync(join(out, 'checkpoint.pt'))).toBe(false);
});
