import * as torch from 'libtorch-node';
import { nn, optim } from 'libtorch-node';
import { describe, expect, it } from 'vitest';

const { lrScheduler } = optim;
const { CosineAnnealingLR, LambdaLR, StepLR } = lrScheduler;

const sgd = (): optim.SGD => new optim.SGD([new nn.Parameter(torch.zeros([1]))], { lr: 0.045 });

function rates(make: (optimizer: optim.SGD) => optim.lrScheduler.LRScheduler, steps: number): number[] {
  const optimizer = sgd();
  const scheduler = make(optimizer);
  const seen = [scheduler.getLastLr()[0] as number];
  for (let i = 0; i < steps; i++) {
    optimizer.step();
    scheduler.step();
    seen.push(optimizer.paramGroups[0]?.lr as number);
  }
  return seen;
}

describe('schedules are the doubles of Python', () => {
  it('StepLR', () => {
    expect(rates((optimizer) => new StepLR(optimizer, 2, { gamma: 0.94 }), 9)).toEqual([
      0.045, 0.045, 0.0423, 0.0423, 0.03976199999999999, 0.03976199999999999, 0.03737627999999999,
      0.03737627999999999, 0.03513370319999999, 0.03513370319999999,
    ]);
  });

  it('CosineAnnealingLR, beyond its end too', () => {
    expect(rates((optimizer) => new CosineAnnealingLR(optimizer, 7, { etaMin: 1e-4 }), 16)).toEqual([
      0.045, 0.04277675108440931, 0.03654734605172857, 0.027545594967319256, 0.017554405032680742,
      0.008552653948271432, 0.0023232489155906922, 0.0001, 0.0023232489155906896, 0.008552653948271425,
      0.017554405032680735, 0.02754559496731923, 0.03654734605172856, 0.042776751084409315, 0.045,
      0.042776751084409315, 0.036547346051728574,
    ]);
  });

  it('LambdaLR', () => {
    let factor = 1;
    const powers = Array.from({ length: 4 }, () => (factor *= 0.5));
    const scheduler = (optimizer: optim.SGD) => new LambdaLR(optimizer, (epoch) => powers[epoch] as number);
    expect(rates(scheduler, 3)).toEqual(powers.map((power) => 0.045 * power));
  });
});

describe('schedulers', () => {
  it('write initial_lr into the group', () => {
    const optimizer = sgd();
    new StepLR(optimizer, 2);
    const [group] = optimizer.stateDict().get('param_groups');
    expect([...(group ?? [])].at(-2)).toEqual(['initial_lr', 0.045]);
  });

  it('go on from a state dict, with the names and the order of Python', () => {
    const optimizer = sgd();
    const scheduler = new CosineAnnealingLR(optimizer, 7, { etaMin: 1e-4 });
    for (let i = 0; i < 3; i++) {
      optimizer.step();
      scheduler.step();
    }
    const dict = scheduler.stateDict();
    expect([...dict]).toEqual([
      ['T_max', 7],
      ['eta_min', 1e-4],
      ['base_lrs', [0.045]],
      ['last_epoch', 3],
      ['_step_count', 4],
      ['_is_initial', false],
      ['_get_lr_called_within_step', false],
      ['_last_lr', [0.027545594967319256]],
    ]);
    const continued = sgd();
    const next = new CosineAnnealingLR(continued, 1);
    continued.loadStateDict(optimizer.stateDict());
    next.loadStateDict(dict);
    continued.step();
    next.step();
    expect(next.getLastLr()).toEqual([0.017554405032680742]);
  });

  it('leave the functions of LambdaLR out of the state dict', () => {
    const dict = new LambdaLR(sgd(), () => 1).stateDict();
    expect([...dict.keys()].at(-1)).toBe('lr_lambdas');
    expect(dict.get('lr_lambdas')).toEqual([null]);
  });

  it('go on from an epoch only where the group knows its first rate', () => {
    expect(() => new StepLR(sgd(), 2, { lastEpoch: 4 })).toThrow(
      "param 'initial_lr' is not specified in param_groups[0] when resuming scheduler with last_epoch >= 0.",
    );
    const optimizer = sgd();
    Object.assign(optimizer.paramGroups[0] as object, { initialLr: 1 });
    expect(new StepLR(optimizer, 5, { gamma: 0.5, lastEpoch: 4 }).getLastLr()).toEqual([0.0225]);
    expect(new LambdaLR(optimizer, (epoch) => epoch, { lastEpoch: 1 }).getLastLr()).toEqual([2]);
  });

  it('refuse what is no optimizer, and a wrong number of functions', () => {
    expect(() => new StepLR({} as optim.SGD, 2)).toThrow('Object is not an Optimizer');
    expect(() => new LambdaLR(sgd(), [])).toThrow('Expected 1 lr_lambdas, but got 0');
  });

  it('warn when they are stepped before the optimizer', async () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    new StepLR(sgd(), 2).step();
    expect((await warned).message).toContain(
      'Detected call of `lr_scheduler.step()` before `optimizer.step()`.',
    );
  });

  it.each<[string, () => unknown]>([
    ['Expected positive integer T_0, but got 0', () => new lrScheduler.CosineAnnealingWarmRestarts(sgd(), 0)],
    ['Factor should be < 1.0.', () => new lrScheduler.ReduceLROnPlateau(sgd(), { factor: 1 })],
    ['mode best is unknown!', () => new lrScheduler.ReduceLROnPlateau(sgd(), { mode: 'best' as never })],
    ['You must define either total_steps OR', () => new lrScheduler.OneCycleLR(sgd(), 0.1)],
    [
      'max_lr must have the same length as optimizer.param_groups. max_lr has 2 values, param_groups has 1.',
      () => new lrScheduler.OneCycleLR(sgd(), [0.1, 0.2], { totalSteps: 5 }),
    ],
    [
      'optimizer must support momentum or beta1 with `cycle_momentum` option enabled',
      () => new lrScheduler.CyclicLR(new optim.Rprop([new nn.Parameter(torch.zeros([1]))]), 0.1, 0.2),
    ],
    ['SequentialLR expects at least one scheduler', () => new lrScheduler.SequentialLR(sgd(), [], [])],
    [
      'ChainedScheduler expects all schedulers to belong to the same optimizer',
      () => new lrScheduler.ChainedScheduler([new StepLR(sgd(), 2), new StepLR(sgd(), 2)]),
    ],
    [
      'got number of schedulers 1 and the number of milestones to be equal to 1',
      () => {
        const optimizer = sgd();
        return new lrScheduler.SequentialLR(optimizer, [new StepLR(optimizer, 2)], [3]);
      },
    ],
    ['Starting multiplicative factor expected', () => new lrScheduler.LinearLR(sgd(), { startFactor: 0 })],
    [
      'anneal_epochs must be equal or greater than 0',
      () => new lrScheduler.SWALR(sgd(), 0.1, { annealEpochs: -1 }),
    ],
  ])('refuse: %s', (text, make) => {
    expect(make).toThrow(text);
  });

  it('fill a tensor learning rate in place', () => {
    const lr = torch.tensor(0.5);
    const optimizer = new optim.SGD([new nn.Parameter(torch.zeros([1]))], { lr });
    const scheduler = new lrScheduler.ExponentialLR(optimizer, 0.5);
    optimizer.step();
    scheduler.step();
    expect(optimizer.paramGroups[0]?.lr).toBe(lr);
    expect(lr.item()).toBe(0.25);
  });
});
