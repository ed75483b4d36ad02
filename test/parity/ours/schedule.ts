import * as torch from 'libtorch-node';

export interface ScheduleParams {
  scheduler:
    | { name: 'StepLR'; stepSize: number; gamma: number }
    | { name: 'CosineAnnealingLR'; tMax: number; etaMin: number };
  lr: number;
  steps: number;
}

/** The learning rate after every step, as the optimizer would use it, and what a checkpoint holds afterwards. */
export function schedule({ scheduler: wanted, lr, steps }: ScheduleParams) {
  const { StepLR, CosineAnnealingLR } = torch.optim.lrScheduler;
  const parameter = new torch.nn.Parameter(torch.zeros([1]));
  const optimizer = new torch.optim.SGD([parameter], { lr });
  const scheduler =
    wanted.name === 'StepLR'
      ? new StepLR(optimizer, wanted.stepSize, { gamma: wanted.gamma })
      : new CosineAnnealingLR(optimizer, wanted.tMax, { etaMin: wanted.etaMin });
  const rates = [];
  for (let index = 0; index < steps; index += 1) {
    rates.push(torch.float(optimizer.paramGroups[0]?.lr as number));
    optimizer.step();
    scheduler.step();
  }
  return {
    rates,
    last: scheduler.getLastLr().map(torch.float),
    state: scheduler.stateDict(),
    optimizer: optimizer.stateDict(),
  };
}
