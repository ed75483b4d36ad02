import * as torch from 'libtorch-node';

export interface OptimizeParams {
  optimizer: 'SGD' | 'Adam';
  options: Omit<torch.optim.SGDOptions & torch.optim.AdamOptions, 'betas'> & { betas?: [number, number] };
  steps: number;
  dtype: 'float32' | 'float64';
}

export type Losses = torch.TorchFloat[];

/** A small network, its weights and its biases in two groups; the second has a learning rate of its own. */
export function optimize({ optimizer: name, options, steps, dtype: dtypeName }: OptimizeParams) {
  const { nn } = torch;
  const dtype = dtypeName === 'float64' ? torch.float64 : torch.float32;
  const layers = [new nn.Linear(16, 24, { dtype }), new nn.ReLU(), new nn.Linear(24, 5, { dtype })] as const;
  const model = new nn.Sequential(...layers);
  const weights = [layers[0].weight, layers[2].weight];
  const biases = [layers[0].bias, layers[2].bias] as torch.Tensor[];
  const optimizer = new torch.optim[name]([{ params: weights }, { params: biases, lr: 0.003 }], options);
  const losses: Losses = [];
  for (let index = 0; index < steps; index += 1) {
    torch.scope(() => {
      const loss = model
        .forward(torch.randn([8, 16], { dtype }))
        .sub(1)
        .square()
        .mean();
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      losses.push(torch.float(Number(loss.item())));
    });
  }
  return { losses, model: model.stateDict(), optimizer: optimizer.stateDict(), text: String(optimizer) };
}
