import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'libtorch-node';
import { nn, optim } from 'libtorch-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runPython } from '../live-python.js';

const { lrScheduler } = optim;

const makers: Record<string, (optimizer: optim.SGD) => optim.lrScheduler.Scheduler> = {
  MultiStepLR: (optimizer) => new lrScheduler.MultiStepLR(optimizer, [3, 12, 12, 20], { gamma: 0.5 }),
  OneCycleLR: (optimizer) => new lrScheduler.OneCycleLR(optimizer, 1, { totalSteps: 40 }),
  CyclicLR: (optimizer) =>
    new lrScheduler.CyclicLR(optimizer, 0.125, 1, { stepSizeUp: 6, mode: 'triangular2' }),
  SequentialLR: (optimizer) =>
    new lrScheduler.SequentialLR(
      optimizer,
      [new lrScheduler.LinearLR(optimizer), new lrScheduler.CosineAnnealingWarmRestarts(optimizer, 4)],
      [8],
    ),
};

const script = (body: string) => `
import torch
from torch.optim import lr_scheduler as s
makers = {
  'MultiStepLR': lambda o: s.MultiStepLR(o, [3, 12, 12, 20], gamma=0.5),
  'OneCycleLR': lambda o: s.OneCycleLR(o, 1.0, total_steps=40),
  'CyclicLR': lambda o: s.CyclicLR(o, 0.125, 1.0, step_size_up=6, mode='triangular2'),
  'SequentialLR': lambda o: s.SequentialLR(o, [s.LinearLR(o), s.CosineAnnealingWarmRestarts(o, 4)], [8]),
}
def make(name):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0, momentum=0.9)
    return optimizer, makers[name](optimizer)
def walk(optimizer, scheduler, count):
    rates = []
    for _ in range(count):
        optimizer.step()
        scheduler.step()
        rates.append(float(optimizer.param_groups[0]['lr']))
    return rates
told = {}
for name in makers:
    file = input + '/' + name
${body}
print(json.dumps(told))`;

function make(name: string) {
  const optimizer = new optim.SGD([new nn.Parameter(torch.zeros([1]))], { lr: 1, momentum: 0.9 });
  return { optimizer, scheduler: (makers[name] as (typeof makers)[string])(optimizer) };
}

function walk({ optimizer, scheduler }: ReturnType<typeof make>, count: number): number[] {
  return Array.from({ length: count }, () => {
    optimizer.step();
    scheduler.step();
    return optimizer.paramGroups[0]?.lr as number;
  });
}

let folder = '';
let theirs: Record<string, number[]> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'schedulers-'));
  theirs = runPython(
    script(`
    optimizer, scheduler = make(name)
    walk(optimizer, scheduler, 10)
    torch.save({'optimizer': optimizer.state_dict(), 'scheduler': scheduler.state_dict()}, file + '.pt')
    told[name] = walk(optimizer, scheduler, 20)`),
    folder,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(Object.keys(makers))('%s goes on from a file of Python', (name) => {
  const made = make(name);
  const saved = torch.load<Map<string, Map<string, unknown>>>(join(folder, `${name}.pt`));
  made.optimizer.loadStateDict(saved.get('optimizer') as Map<string, unknown>);
  made.scheduler.loadStateDict(saved.get('scheduler') as Map<string, unknown>);
  expect(walk(made, 20)).toEqual(theirs[name]);
});

it('Python goes on from files of ours', () => {
  for (const name of Object.keys(makers)) {
    const made = make(name);
    walk(made, 10);
    const state = new Map<string, unknown>([
      ['optimizer', made.optimizer.stateDict()],
      ['scheduler', made.scheduler.stateDict()],
    ]);
    torch.save(state, join(folder, `${name}-ours.pt`));
  }
  const continued = runPython<Record<string, number[]>>(
    script(`
    optimizer, scheduler = make(name)
    saved = torch.load(file + '-ours.pt')
    optimizer.load_state_dict(saved['optimizer'])
    scheduler.load_state_dict(saved['scheduler'])
    told[name] = walk(optimizer, scheduler, 20)`),
    folder,
  );
  for (const name of Object.keys(makers)) {
    expect(continued[name], name).toEqual(theirs[name]);
  }
});
