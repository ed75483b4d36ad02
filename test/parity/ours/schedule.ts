import * as torch from 'libtorch-node';

const { lrScheduler } = torch.optim;
type Made = torch.optim.lrScheduler.Scheduler;

export interface ScheduleParams {
  /** What is made in this order; `SELF` among the arguments stands for the schedulers made before. */
  schedulers: { name: string; args: unknown[]; options?: object }[];
  optimizer: 'SGD' | 'Adam';
  /** The learning rate is a tensor. */
  tensorLr?: boolean;
  steps: number;
  /** The state is given to new schedulers before this step. */
  resumeAt?: number;
}

/** The functions that a case may name. */
const functions: Record<string, (x: number) => number> = {
  harmonic: (epoch) => 1 / (1 + epoch),
  shrink: () => 0.97,
};

function argument(value: unknown, made: Made[]): unknown {
  if (value === 'SELF') return [...made];
  return typeof value === 'string' && value in functions ? functions[value] : value;
}

function make({ schedulers, optimizer: name, tensorLr }: ScheduleParams) {
  const [a, b] = [torch.zeros([1]), torch.zeros([2])].map((data) => new torch.nn.Parameter(data));
  const lr = tensorLr ? torch.tensor(0.045) : 0.045;
  const groups = [
    { params: [a as torch.Tensor] },
    { params: [b as torch.Tensor], ...(tensorLr ? {} : { lr: 0.3 }) },
  ];
  const optimizer = new torch.optim[name](groups, name === 'SGD' ? { lr, momentum: 0.9 } : { lr });
  const made: Made[] = [];
  for (const { name: kind, args, options = {} } of schedulers) {
    const Kind = Reflect.get(lrScheduler, kind) as new (...all: unknown[]) => Made;
    const given = args.map((value) => argument(value, made));
    const named = Object.fromEntries(
      Object.entries(options).map(([key, value]) => [key, argument(value, made)]),
    );
    made.push(kind === 'ChainedScheduler' ? new Kind(...given) : new Kind(optimizer, ...given, named));
  }
  return { optimizer, scheduler: made.at(-1) as Made };
}

const rate = (value: unknown) => (torch.isTensor(value) ? value.clone() : torch.float(value as number));

function settings(optimizer: torch.optim.Optimizer) {
  return optimizer.paramGroups.map((group) => {
    const { lr, momentum, betas } = group as { lr: unknown; momentum?: number; betas?: number[] };
    return [rate(lr), rate(momentum ?? betas?.[0])];
  });
}

/** A metric that falls, then does not. */
const metric = (step: number) => 1 / (1 + Math.min(step, 20)) + (step % 7) * 0.01;

/** The rates and momenta after every step, as the optimizer would use them, and what a checkpoint holds afterwards. */
export function schedule(params: ScheduleParams) {
  const { steps, resumeAt } = params;
  let { optimizer, scheduler } = make(params);
  const rates = [];
  for (let step = 0; step < steps; step += 1) {
    if (step === resumeAt) {
      const states = [optimizer.stateDict(), scheduler.stateDict()] as const;
      ({ optimizer, scheduler } = make(params));
      optimizer.loadStateDict(states[0]);
      scheduler.loadStateDict(states[1]);
    }
    rates.push(settings(optimizer));
    optimizer.step();
    if (scheduler instanceof lrScheduler.ReduceLROnPlateau) scheduler.step(metric(step));
    else scheduler.step();
  }
  return {
    rates,
    last: scheduler.getLastLr().map(rate),
    state: plain(scheduler.stateDict()),
    optimizer: plain(optimizer.stateDict().get('param_groups')),
  };
}

/** All numbers as floats: JavaScript has one kind, and a schedule computes what it keeps. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') return torch.float(value);
  if (torch.isTensor(value) || typeof value !== 'object' || value === null) return value;
  if (value instanceof torch.TorchFloat) return value;
  if (Array.isArray(value)) return value.map(plain);
  return new Map([...(value as Map<string, unknown>)].map(([key, item]) => [key, plain(item)]));
}
