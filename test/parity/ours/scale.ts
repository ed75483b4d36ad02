import * as torch from 'libtorch-node';

export interface ScaleParams {
  optimizer: 'SGD' | 'Adam';
  options: object;
  steps: number;
  /** Gradients are unscaled and clipped between backward and step. */
  clip: boolean;
}

/** The loss scale over a training in which some gradients overflow, with a state that is saved and loaded half-way. */
export function scale({ optimizer: name, options, steps, clip }: ScaleParams) {
  const make = () =>
    new torch.amp.GradScaler(torch.getDefaultDevice().type, {
      initScale: 1024,
      growthFactor: 2.5,
      backoffFactor: 0.4,
      growthInterval: 3,
    });
  const params = [torch.randn([3, 4]), torch.randn([4])].map((data) => new torch.nn.Parameter(data));
  const [w, b] = params as [torch.nn.Parameter, torch.nn.Parameter];
  const optimizer = new torch.optim[name](params, options);
  let scaler = make();
  const trajectory: unknown[] = [];
  for (let step = 0; step < steps; step += 1) {
    if (step === steps / 2) {
      const state = scaler.stateDict();
      scaler = make();
      scaler.loadStateDict(state);
    }
    optimizer.zeroGrad();
    const factor = step % 5 === 4 ? Infinity : step === 7 ? 1e36 : 1;
    const loss = torch.randn([2, 3]).matmul(w).add(b).square().mean().mul(factor);
    scaler.scale(loss).backward();
    if (clip) {
      scaler.unscale_(optimizer);
      torch.noGrad(() => {
        for (const { grad } of params) grad?.clamp_({ min: -0.5, max: 0.5 });
      });
    }
    scaler.step(optimizer);
    scaler.update();
    trajectory.push([scaler.getScale(), w.detach().clone(), b.detach().clone()]);
  }
  return {
    trajectory: trajectory.map((entry) => {
      const [value, ...tensors] = entry as [number, torch.Tensor, torch.Tensor];
      return [torch.float(value), ...tensors];
    }),
    state: scaler.stateDict(),
    optimizer: optimizer.stateDict(),
  };
}
