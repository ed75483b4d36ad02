import { describe, expect, test } from 'vitest';
import { type ScheduleParams, schedule } from './ours/schedule.js';
import { expectSameBits } from './parity.js';

type Described = ScheduleParams['schedulers'][number];

const one = (name: string, args: unknown[], options?: object): Described[] => [{ name, args, options }];

const warmUp = { name: 'LinearLR', args: [], options: { startFactor: 0.1, totalIters: 20 } };
const decay = { name: 'ExponentialLR', args: [0.97] };
const restarts = { name: 'CosineAnnealingWarmRestarts', args: [9], options: { tMult: 2, etaMin: 1e-5 } };

const cases: Described[][] = [
  one('LambdaLR', ['harmonic']),
  one('MultiplicativeLR', ['shrink']),
  one('StepLR', [2], { gamma: 0.94 }),
  one('StepLR', [7]),
  one('MultiStepLR', [[5, 5, 60, 120]], { gamma: 0.3 }),
  one('ConstantLR', []),
  one('ConstantLR', [], { factor: 0.4, totalIters: 40 }),
  one('LinearLR', []),
  one('LinearLR', [], { startFactor: 0.9, endFactor: 0.05, totalIters: 150 }),
  decay ? [decay] : [],
  one('PolynomialLR', [], { totalIters: 130, power: 0.9 }),
  one('CosineAnnealingLR', [200]),
  one('CosineAnnealingLR', [63], { etaMin: 1e-5 }),
  [restarts],
  one('CosineAnnealingWarmRestarts', [13]),
  one('CyclicLR', [0.001, 0.1], { stepSizeUp: 30 }),
  one('CyclicLR', [[0.001, 0.01], 0.1], { stepSizeUp: 7, stepSizeDown: 21, mode: 'triangular2' }),
  one('CyclicLR', [0.001, 0.1], {
    stepSizeUp: 11,
    mode: 'exp_range',
    gamma: 0.99,
    maxMomentum: [0.95, 0.85],
  }),
  one('CyclicLR', [0.001, 0.1], { stepSizeUp: 11, scaleFn: 'harmonic', cycleMomentum: false }),
  one('OneCycleLR', [0.1], { totalSteps: 210 }),
  one('OneCycleLR', [[0.1, 0.3]], {
    epochs: 21,
    stepsPerEpoch: 10,
    annealStrategy: 'linear',
    pctStart: 0.17,
  }),
  one('OneCycleLR', [0.1], { totalSteps: 205, threePhase: true, divFactor: 10, finalDivFactor: 100 }),
  one('ReduceLROnPlateau', [], { patience: 3, factor: 0.5, cooldown: 2 }),
  one('ReduceLROnPlateau', [], {
    mode: 'max',
    thresholdMode: 'abs',
    threshold: 0.05,
    patience: 5,
    minLr: [1e-3, 1e-4],
  }),
  one('SWALR', [0.01], { annealEpochs: 40 }),
  one('SWALR', [[0.01, 0.2]], { annealEpochs: 25, annealStrategy: 'linear' }),
  [warmUp, decay, { name: 'SequentialLR', args: ['SELF', [20]] }],
  [warmUp, restarts, { ...decay }, { name: 'SequentialLR', args: ['SELF', [20, 90]] }],
  [{ name: 'ConstantLR', args: [] }, decay, { name: 'ChainedScheduler', args: ['SELF'] }],
];

const named = cases.map((schedulers) => ({
  name: schedulers.map(({ name, args, options }) => `${name} ${JSON.stringify([args, options])}`).join(', '),
  schedulers,
}));

const constantMomentum = new Set(['CyclicLR', 'OneCycleLR']);

describe('learning rates, 200 steps', () => {
  test.each(named)('$name', async ({ schedulers }) => {
    const params = { schedulers, steps: 200, resumeAt: 83 };
    const compared = await expectSameBits(schedule, { ...params, optimizer: 'SGD' });
    const rates = [...compared].filter(([path]) => /^\.rates\[\d+\]\[0\]\[0\]$/.test(path));
    expect(rates.length).toBe(200);
    expect(new Set(rates.map(([, rate]) => rate)).size).toBeGreaterThan(1);
    await expectSameBits(schedule, { ...params, optimizer: 'Adam' });
    // A tensor cannot be a momentum's neighbour in Python's state either: those cycle with numbers.
    if (schedulers.some(({ name }) => constantMomentum.has(name))) return;
    await expectSameBits(schedule, { ...params, optimizer: 'SGD', tensorLr: true });
  });
});
