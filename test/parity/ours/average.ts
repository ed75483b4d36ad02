import * as torch from 'libtorch-node';

const { AveragedModel, getEmaAvgFn, getEmaMultiAvgFn, getSwaMultiAvgFn, updateBn } = torch.swaUtils;

export interface AverageParams {
  kind: 'plain' | 'swa multi' | 'ema' | 'ema multi';
  useBuffers: boolean;
  steps: number;
}

function options(kind: AverageParams['kind']) {
  if (kind === 'ema') return { avgFn: getEmaAvgFn(0.9) };
  if (kind === 'ema multi') return { multiAvgFn: getEmaMultiAvgFn(0.9) };
  return kind === 'swa multi' ? { multiAvgFn: getSwaMultiAvgFn() } : {};
}

/** Trains a small network and averages it after each step; then the statistics of its batch norm anew. */
export async function average({ kind, useBuffers, steps }: AverageParams) {
  const { nn } = torch;
  const model = new nn.Sequential(
    new nn.Conv2d(3, 4, 3),
    new nn.BatchNorm2d(4),
    new nn.Flatten(),
    new nn.Linear(64, 2),
  );
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
  const averaged = new AveragedModel(model, { ...options(kind), useBuffers });
  const before = [...averaged.stateDict()].map(([key, value]) => [key, value.clone()]);
  for (let step = 0; step < steps; step += 1) {
    const loss = model
      .forward(torch.randn([5, 3, 6, 6]))
      .square()
      .mean();
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    averaged.updateParameters(model);
  }
  const state = new Map([...averaged.stateDict()].map(([key, value]) => [key, value.clone()]));
  await updateBn([torch.randn([4, 3, 6, 6]), [torch.randn([3, 3, 6, 6]), 1]] as torch.Tensor[], averaged);
  const output = averaged.eval().forward(torch.randn([2, 3, 6, 6]));
  return { before: Object.fromEntries(before), state, after: averaged.stateDict(), output };
}
