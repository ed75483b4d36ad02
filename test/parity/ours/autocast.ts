import * as torch from 'libtorch-node';

export interface AutocastParams {
  steps: number;
  size: number;
  batch: number;
  cacheEnabled: boolean;
}

/** Some training steps of Xception with bfloat16 products: what a forward gives, every parameter and all state. */
export function autocast({ steps, size, batch, cacheEnabled }: AutocastParams) {
  const device = torch.getDefaultDevice().type;
  const model = new torch.models.Xception({ numClasses: 4 });
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.045, momentum: 0.9 });
  const losses: torch.TorchFloat[] = [];
  const outputs: torch.Tensor[] = [];
  for (let index = 0; index < steps; index += 1) {
    const images = torch.rand([batch, 3, size, size]);
    const labels = torch.randint(4, [batch]);
    optimizer.zeroGrad();
    const loss = torch.autocast(device, { dtype: torch.bfloat16, cacheEnabled }, () => {
      const logits = model.forward(images);
      outputs.push(logits.to(torch.float32));
      return torch.nn.functional.crossEntropy(logits, labels);
    });
    loss.backward();
    optimizer.step();
    losses.push(torch.float(Number(loss.item())));
  }
  const dtypes = torch.autocast(device, { dtype: torch.bfloat16 }, () => {
    const [a, b] = [torch.rand([2, 2]), torch.rand([2, 2])];
    const inner = torch.autocast(device, { enabled: false }, () => a.matmul(b));
    return [a.matmul(b), a.softmax(-1), inner, a.add(b)].map((tensor) => tensor.dtype.name);
  });
  return { losses, outputs, dtypes, model: model.stateDict(), optimizer: optimizer.stateDict() };
}
