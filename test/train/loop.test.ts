import { setImmediate } from 'node:timers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as torch from 'libtorch-node';
import { nn, optim, type Tensor } from 'libtorch-node';
import { evaluate, type Training, trainEpoch } from 'libtorch-node/train';
import { expect, test } from 'vitest';

class Toy extends nn.Module {
  readonly norm = new nn.BatchNorm2d(3);
  readonly fc = new nn.Linear(12, 2);

  override forward(images: Tensor): Tensor {
    return torch.scope(() => this.fc.forward(this.norm.forward(images).flatten(1)));
  }
}

function toyTraining({ lr = 0.1 } = {}): Training {
  torch.manualSeed(0);
  const model = new Toy();
  const optimizer = new optim.SGD(model.parameters(), { lr });
  const scheduler = new optim.lrScheduler.StepLR(optimizer, 1000);
  return { model, optimizer, scheduler, toInput: (photos) => photos.to(torch.float32).div(255) };
}

/** `count` batches of 4 photos, 2×2 pixels, the same ones every time; `made` gets all tensors. */
async function* batches(count: number, made: Tensor[] = []): AsyncGenerator<[Tensor, Tensor]> {
  for (let i = 0; i < count; i += 1) {
    const pixels = Uint8Array.from({ length: 48 }, (_, k) => (k * 37 + i * 11) % 256);
    const photos = torch.scope(() => torch.tensor(pixels).view([4, 3, 2, 2]));
    const targets = torch.tensor([0n, 1n, 1n, 0n]);
    made.push(photos, targets);
    yield [photos, targets];
  }
}

test('the tally is the mean over the images, each batch as it was before its step', async () => {
  const training = toyTraining();
  const losses: number[] = [];
  const tally = await trainEpoch(training, batches(3), {
    onStep: ({ loss, steps }) => losses.push(loss * steps),
  });
  expect(tally).toMatchObject({ steps: 3, images: 12 });
  const single = losses.map((sum, i) => sum - (losses[i - 1] ?? 0));
  // The first batch's loss is that of the untrained model.
  const fresh = toyTraining();
  for await (const [photos, targets] of batches(1)) {
    const logits = fresh.model.forward(fresh.toInput(photos));
    expect(single[0]).toBe(nn.functional.crossEntropy(logits, targets).item());
  }
  expect(tally.loss).toBeCloseTo(single.reduce((sum, loss) => sum + loss) / 3, 12);
  expect(Number.isInteger(tally.accuracy * 12)).toBe(true);
});

test('it gives way to the event loop after every step', async () => {
  let turns = 0;
  let running = true;
  const turn = () => {
    turns += 1;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  const seen: number[] = [];
  await trainEpoch(toyTraining(), batches(5), { onStep: () => seen.push(turns) });
  running = false;
  expect(new Set(seen).size).toBe(5);
});

test('when aborted it finishes the step and stops', async () => {
  const controller = new AbortController();
  const tally = await trainEpoch(toyTraining(), batches(10), {
    signal: controller.signal,
    onStep: ({ steps }) => {
      // As a signal handler would: in the next turn of the event loop.
      if (steps === 2) setImmediate(() => controller.abort());
    },
  });
  expect(tally.steps).toBe(2);
});

test('a loss that is no number stops it, saying what to do', async () => {
  const training = toyTraining({ lr: 1e38 });
  await expect(trainEpoch(training, batches(10))).rejects.toThrow(
    /the loss became (NaN|Infinity): .* smaller learning rate/,
  );
});

/** Collects the garbage: the gradients that a step has replaced. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

test('an epoch leaves no tensor behind', async () => {
  const training = toyTraining();
  await trainEpoch(training, batches(2));
  collect();
  const before = torch.liveTensors();
  const made: Tensor[] = [];
  await trainEpoch(training, batches(5, made));
  await evaluate(training, batches(5, made));
  expect(made.map(({ disposed }) => disposed)).toEqual(Array(20).fill(true));
  collect();
  expect(torch.liveTensors()).toBe(before);
});

test('evaluation changes nothing and uses the running statistics', async () => {
  const training = toyTraining();
  await trainEpoch(training, batches(3));
  const state = () => [...training.model.stateDict()].map(([key, value]) => [key, value.tolist()] as const);
  const before = state();
  const first = await evaluate(training, batches(3));
  expect(state()).toEqual(before);
  expect(training.model.training).toBe(false);
  const second = await evaluate(training, batches(3));
  expect(second?.loss).toBe(first?.loss);
  expect(first?.images).toBe(12);
});

test('an evaluation that is aborted has no result', async () => {
  expect(await evaluate(toyTraining(), batches(3), { signal: AbortSignal.abort() })).toBeNull();
});
